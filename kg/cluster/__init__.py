"""Graphs that outgrow one machine, compiled on Apache Spark (the extra `cluster`).

`shared` says which articles are compiled together, `output` is the folder in which parts are kept and resumed, `build`
are the steps, for anything that runs tasks elsewhere, and `spark` is what does so. What is compiled comes from
`kg.dataset.shards`. Only `spark` needs PySpark.
"""
