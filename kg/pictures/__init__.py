"""Pictures of a graph as SVG: who is tied to whom, and what came when.

`network` draws the strongest ties of a whole graph, `neighbourhood` those of a thing, `timeline` what is dated. `ties`
and `dated` read a compiled dataset, `bundles` puts ties together, `layout` and `scale` place, `labels` measures words,
`legend` and `svg` write, `plots` draws answers. A picture needs no script, loads nothing,
and is the same bytes for the same graph; what it shows while it is pointed at are sentences with their dates.

Form tells certainty before colour does: what an article says has a solid line, what somebody is quoted with a dotted
one, background a thin grey one, what is inferred a dashed one; what is planned is hollow.
"""

from kg import lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.pictures.neighbourhoods import neighbourhood as neighbourhood
    from kg.pictures.networks import network as network
    from kg.pictures.plots import Picture as Picture
    from kg.pictures.plots import plot as plot
    from kg.pictures.svg import style as style
    from kg.pictures.ties import Ties as Ties
    from kg.pictures.timelines import timeline as timeline

__all__ = ["Picture", "Ties", "neighbourhood", "network", "plot", "style", "timeline"]
__getattr__ = lazily(
    __name__,
    "neighbourhoods.neighbourhood networks.network plots.Picture plots.plot svg.style ties.Ties timelines.timeline",
)
