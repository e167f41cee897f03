"""Masks of scenes after each stage, from the same classifier, five seeds: python edges_scenes.py FOLDER OUT.csv

One thread. The classifier of a seed is trained once and shared by all methods; rho 0.7, 1500 training images, 300 test images.
"""
import sys
from pathlib import Path

import torch

from wsss_nb.datasets.rows import Score, write_scores
from wsss_nb.work.data import Data
from wsss_nb.work.graph import execute
from wsss_nb.work.plan import Plan, checked
from wsss_nb.work.recipe import Settings

METHODS = 'cam', 'cam/crf', 'cam/irn', 'cam/irn/crf', 'cam/psa', 'cam/psa/crf'

def scored(method, seed, data, folder):
    "The mean scores of one method and seed; steps that stand in `folder` are not done again."
    plan = Plan(checked(Settings(method, segmentation='none')), data, seed)
    rows = [Score.of(o) for o in execute(plan.score(), folder).read_json('scores.json')]
    return [o for o in rows if o.class_ == 'mean']

if __name__ == '__main__':
    torch.set_num_threads(1)
    folder, found = Path(sys.argv[1]), []
    data = Data(checked(Settings(segmentation='none')))
    for seed in range(5):
        for method in METHODS: found += scored(method, seed, data, folder)
        data.forget(seed)
        write_scores(sys.argv[2], found)
