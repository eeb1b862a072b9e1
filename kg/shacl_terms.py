"""The terms of SHACL, sorted by what a check of shapes must know of them."""

from kg.vocabulary import SH

_CORE = """
    Shape NodeShape PropertyShape targetClass targetNode targetObjectsOf targetSubjectsOf deactivated message severity
    Severity Info Warning Violation property path inversePath alternativePath zeroOrMorePath oneOrMorePath zeroOrOnePath
    class datatype nodeKind NodeKind BlankNode BlankNodeOrIRI BlankNodeOrLiteral IRI IRIOrLiteral Literal
    minCount maxCount minExclusive minInclusive maxExclusive maxInclusive minLength maxLength pattern flags languageIn
    uniqueLang equals disjoint lessThan lessThanOrEquals not and or xone node qualifiedValueShape qualifiedMinCount
    qualifiedMaxCount qualifiedValueShapesDisjoint closed ignoredProperties hasValue in
    name description order group PropertyGroup defaultValue
"""
_SPARQL = """
    sparql SPARQLConstraint SPARQLConstraintComponent ConstraintComponent select ask prefixes declare prefix namespace
    PrefixDeclaration parameter Parameter Parameterizable optional labelTemplate validator nodeValidator
    propertyValidator Validator SPARQLAskValidator SPARQLSelectValidator SPARQLExecutable SPARQLAskExecutable
    SPARQLSelectExecutable
"""
_ADVANCED = """
    rule Rule TripleRule SPARQLRule condition subject predicate object construct update SPARQLConstructExecutable
    SPARQLUpdateExecutable target Target TargetType SPARQLTarget SPARQLTargetType SPARQLFunction Function returnType
    expression ExpressionConstraintComponent values nodes filterShape union intersection this
    js JSConstraint JSConstraintComponent JSExecutable JSFunction JSLibrary JSRule JSTarget JSTargetType JSValidator
    jsFunctionName jsLibrary jsLibraryURL shapesGraph suggestedShapesGraph shapesGraphWellFormed entailment
"""
_CONSTRAINT = """
    class datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive maxInclusive minLength maxLength
    pattern languageIn uniqueLang equals disjoint lessThan lessThanOrEquals not and or xone qualifiedValueShape closed
    hasValue in
"""
_AT_PROPERTY = """
    targetSubjectsOf targetObjectsOf equals disjoint lessThan lessThanOrEquals path inversePath alternativePath
    zeroOrMorePath oneOrMorePath zeroOrOnePath ignoredProperties
"""


def _iris(names: str) -> frozenset[str]:
    return frozenset(SH + name for name in names.split())


# The terms of SHACL Core and SHACL-SPARQL (W3C Recommendation of 20 July 2017, §2 to §6).
TERMS = _iris(_CORE) | _iris(_SPARQL)
# Those of SHACL Advanced Features and SHACL-JS, which compute, and those that name other graphs.
REACHING = _iris(_ADVANCED)
# The parameters that a value can fail; sh:property and sh:node hand that on to other shapes.
CONSTRAINTS = _iris(_CONSTRAINT)
TARGETS = _iris("targetClass targetNode targetSubjectsOf targetObjectsOf")
# By these, one shape needs another.
NESTING = _iris("property node not qualifiedValueShape and or xone")
# Where a class, a property or some other value belongs.
CLASS_AT, PROPERTY_AT, VALUE_AT = _iris("targetClass class"), _iris(_AT_PROPERTY), _iris("in hasValue targetNode")
