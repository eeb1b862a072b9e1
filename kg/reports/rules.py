"""What each rule asks for, in a sentence: the descriptions that CI services show beside findings."""

HOUSE = {
    "added-role": "A later article adds a role to a relation that an earlier one tells of without it.",
    "ambiguous-quote": "A quote occurs in its article once; else a prefix or a suffix tells which place is meant.",
    "aside-reason": "An aside says why its words yield no fact.",
    "aside-with-facts": "An aside yields no fact.",
    "blank-node": "Things in facts have IRIs, so that other passages can speak of them.",
    "byte-order-mark": "Files are UTF-8 without a byte order mark.",
    "coverage": "All letters and digits of an article are covered by passages and asides.",
    "date-words": "A date is what its passage's date words say, read on the reading date.",
    "double": "Two relations with one class, the same roles and overlapping time are one.",
    "empty": "A graph has words, rules and at least one article, and no file is empty.",
    "empty-passage": "A passage supports at least one fact.",
    "encoding": "Files are UTF-8.",
    "fact-outside-passage": "Each fact stands in the graph of a passage that says it.",
    "folded-quote": "A quote is equal to the article's text letter by letter.",
    "foreign-graph": "A facts file speaks for its own article only.",
    "foreign-subject": "Facts are about things in the house's namespace.",
    "line-endings": "Files have LF line endings.",
    "literal": "A typed literal has a lexical form of its datatype (XSD 1.1 Part 2).",
    "long-quote": "A quote lies within one line and is short enough to read at a glance.",
    "misquote": "A quote stands in its article.",
    "missing-file": "An article's folder holds article.txt and facts.trig.",
    "not-verbatim": "Labels and kept words stand in the quote of their passage.",
    "outside": "No file lies outside the graph folder.",
    "quote": "A passage has one quote.",
    "read-with": "A passage is read with other passages of its own article.",
    "reading-date": "An article has one reading date.",
    "reading-date-basis": "The reading date of an article has a reason and a source.",
    "status-and-date": "What is done lies before the reading date, and what is planned is not over by then.",
    "syntax": "Files are valid Turtle, TriG and SPARQL.",
    "thing-name": "IRIs of things are flat, lower-case and hyphenated.",
    "too-large": "A source file has a reasonable size.",
    "undeclared-passage": "Each graph of a facts file is a passage that the file declares.",
    "undescribed-article": "A facts file describes its article.",
    "unknown-term": "Facts use the words of the ontology.",
    "unknown-thing": "Some passage says what each thing is.",
    "unnamed-speaker": "Reported speech names its speaker, in the quote or in a passage that it is read with.",
}
_KINDS = {
    "shape": "A constraint of the shapes: {} (SHACL §4).",
    "contradiction": "Facts and what follows from them do not contradict each other: {} (OWL 2 RL).",
}


def described(rule: str) -> str:
    """The sentence for a rule; that of its kind for a rule such as `shape:MinCount`."""
    kind, _, name = rule.partition(":")
    return HOUSE.get(rule) or _KINDS.get(kind, "A rule of the house: {}.").format(name or rule)
