"""Training: a run is a folder that a worker writes and everybody else reads.

What a learner chose is a frozen :mod:`recipe`; :mod:`run_folder` is the way in for pages and the command line;
:mod:`loop` trains one run, :mod:`worker` does so in a process of its own and :mod:`queue` decides whose turn it is.
Nothing here imports torch before it has to: a page can list runs without it.
"""
