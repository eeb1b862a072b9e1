"""Families of ties, forms of certainty and kinds of things: what a picture tells apart, and its legend names.

The family of a class or a property is that of the nearest class above it which has one. A term of another ontology is
in the family `other`.
"""

from kg.rdf.namespaces import ENT

# The families with their names in the legend, in the order in which they are drawn.
FAMILIES = {
    "support": "support",
    "opposition": "dispute or conflict",
    "cooperation": "cooperation",
    "agreement": "agreement or trade",
    "meeting": "meeting or visit",
    "project": "project",
    "office": "office or membership",
    "other": "other relation",
}
_OF_TERM = {
    "support": "Support Recognition backs",
    "opposition": "Accusation Annexation Arrest BorderClosure Conflict Disagreement Displacement Estrangement Incident",
    "cooperation": "Cooperation Rapprochement",
    "agreement": "Agreement Investment Loan Obligation Pledge sellerTo",
    "meeting": "Ceremony Invitation Meeting Participation PressConference Statement Visit",
    "project": "Approval InfrastructureProject Milestone Programme builder coordinator deliversTo investmentFrom",
    "office": "Election Membership Tenure bodyOf governmentOf holdsOfficeIn leads memberOf represents worksFor",
}
OF_TERM = {ENT + name: family for family, names in _OF_TERM.items() for name in names.split()}
OF_TERM |= {ENT + "opposes": "opposition"} | dict.fromkeys((ENT + x for x in ("investor", "operator")), "project")
OF_TERM[ENT + "technologyFrom"] = "project"

ASSERTED, REPORTED, BACKED, INFERRED = "asserted", "reported", "background", "inferred"
# Kinds of things by the class that makes them so; all others are a `thing`.
KINDS = {"Person": "person", "State": "state", "Organisation": "organisation", "InfrastructureProject": "project"}
