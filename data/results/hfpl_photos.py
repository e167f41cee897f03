"""HFPL on photographs: python hfpl_photos.py ROOT WEIGHTS FOLDER OUT.csv

ROOT is a data set in VOC's layout, WEIGHTS a file of MobileNetV2 trained on ImageNet, FOLDER takes the steps (those that stand
there are not done again). `cam` and `cam+hfpl` are trained for as many epochs from the same weights, with seeds 0 to 2, on crops
of 256 pixels; maps are made of at most 288. Masks of `val` are cut at a threshold that is chosen on masks of `train`. Means are
over background and the classes on at least 17 photographs of `val`. Intervals: 95 % over photographs drawn with replacement, of
the mean over the three trainings; they do not hold what other trainings would add.
"""
import csv, sys
from pathlib import Path

import numpy as np
import torch

from wsss_nb.core.store import Store
from wsss_nb.datasets.scores import iou
from wsss_nb.work.data import Data
from wsss_nb.work.graph import execute
from wsss_nb.work.plan import Plan, checked
from wsss_nb.work.recipe import Settings

METHODS, SEEDS, DRAWS = ('cam:largest=288', 'cam:largest=288+hfpl'), (0, 1, 2), 1000
COLUMNS = ('method', 'data', 'split', 'metric', 'threshold_choice', 'images', 'classes', 'seeds', 'mean', 'sd', 'low', 'high',
           'against', 'difference', 'difference_sd', 'difference_low', 'difference_high', 'train_cpu_s')

def settings_of(method, root, weights):
    return checked(Settings(method, data='voc', root=root, backbone='mobilenet_v2', weights=weights, size=256,
                            segmentation='none', score_min_images=17))

def counted(plan, folder):
    "The confusion matrices (N,K+1,K+1) of the held-out masks of val, and the CPU seconds of training."
    execute(plan.score(), folder, lambda line: print(line, file=sys.stderr))
    found = Store(plan.rate('seed', 'val').folder(folder)).read_arrays('rates.safetensors')['confusions']
    return found, Store(plan.train.folder(folder)).facts['cpu_s']

def row(method, among, own, costs, other):
    "Means of a method, and of its paired differences to `other`, with intervals over photographs."
    def of(C, rows=slice(None)): return float(among.mean(iou(C[rows].sum(0, dtype=np.int64))))
    draws = np.random.default_rng(0).integers(0, len(own[0]), (DRAWS, len(own[0])))
    values, resampled = [of(C) for C in own], [np.mean([of(C, d) for C in own]) for d in draws]
    facts = dict(mean=np.mean(values), sd=np.std(values, ddof=1), train_cpu_s=np.mean(costs))
    facts |= dict(zip(('low', 'high'), np.percentile(resampled, (2.5, 97.5))))
    if other is not None:
        gaps = [a - of(C) for a, C in zip(values, other)]
        drawn = [a - np.mean([of(C, d) for C in other]) for a, d in zip(resampled, draws)]
        facts |= dict(difference=np.mean(gaps), difference_sd=np.std(gaps, ddof=1))
        facts |= dict(zip(('difference_low', 'difference_high'), np.percentile(drawn, (2.5, 97.5))))
    named = dict(method=method, split='val', metric='seed_miou', threshold_choice='held-out', images=len(own[0]),
                 classes=among.name, seeds=len(own), against=METHODS[0] if other is not None else '')
    return {k: round(v, 4) for k, v in facts.items()} | named

if __name__ == '__main__':
    torch.set_num_threads(1)
    root, weights, folder, out = sys.argv[1:]
    data, rows, control = Data(settings_of(METHODS[0], root, weights)), [], None
    for method in METHODS:
        plans = [Plan(settings_of(method, root, weights), data, seed) for seed in SEEDS]
        own, costs = zip(*(counted(o, Path(folder)) for o in plans))
        rows.append(row(method, plans[0].among('val'), own, costs, control) | dict(data=plans[0].dataset('val').name))
        control = own
    with open(out, 'w', newline='') as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator='\n')
        table.writeheader()
        table.writerows(rows)
