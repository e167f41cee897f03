"""The rows of quick.json: python quick.py FOLDER OUT.csv

One thread. Steps that stand in FOLDER are not done again.
"""
import csv, sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from wsss_nb.core.store import read_json, shared
from wsss_nb.work.data import Data
from wsss_nb.work.graph import execute, stored, walk
from wsss_nb.work.plan import Plan
from wsss_nb.work.recipe import Settings
from wsss_nb.work.steps import curve_of

PROTOCOL = read_json(shared('data', 'results', 'quick.json'))
COLUMNS = 'reading', 'train', 'seed', 'images', 'val_miou', 'threshold', 'cpu_s'

def plan_of(reading, train, seed):
    "A quick run with another reading and another number of training images."
    settings = Settings('cam+hfpl/amn/crf', quick=True, segmentation='none')
    preset = settings.preset
    stages = preset.stages | dict(amn=preset.stages['amn'] | dict(reading=reading))
    settings.__dict__['preset'] = replace(preset, images=preset.images | dict(train=train), stages=stages)
    return Plan(settings, Data(settings), seed)

def row_of(reading, train, seed, folder):
    "What its masks reach, and what they cost."
    plan = plan_of(reading, train, seed)
    curve = curve_of(execute(plan.curve('val'), folder, print))
    cpu_s = sum(stored(o, folder).facts['cpu_s'] for o in walk(plan.curve('val')))
    best = int(np.nanargmax(curve.miou))
    return reading, train, seed, len(plan.dataset('val')), round(float(curve.miou[best]), 4), curve.thresholds[best], round(cpu_s, 1)

if __name__ == '__main__':
    torch.set_num_threads(1)
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    rows = [row_of(reading, train, seed, folder/str(seed)) for seed in PROTOCOL['seeds']
            for train in PROTOCOL['images'] for reading in PROTOCOL['readings']]
    with out.open('w', newline='') as file: csv.writer(file, lineterminator='\n').writerows([COLUMNS, *rows])
