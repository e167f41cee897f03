"""Do figures of trust predict the truth on photographs? python trust_photos.py ROOT WEIGHTS RUN OUT.csv

ROOT is a data set in VOC's layout; its training images are given as tags only, and their masks are read for the true IoU alone.
RUN may be the folder of a finished run on it: what stands there is used. Folds are trained for 180 steps.
"""
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from wsss_nb.core.store import Packs
from wsss_nb.datasets.samples import Maps
from wsss_nb.datasets.rows import Score, iou_rows, write_scores
from wsss_nb.work.data import Data
from wsss_nb.work.graph import execute
from wsss_nb.work.plan import Plan
from wsss_nb.work.recipe import Settings
from wsss_nb.work.steps import agreement_of, curve_of
from wsss_nb.work.account import assess

FIXED = .4  # of the preset for folders of photographs

def plan_of(root, weights):
    "The plan of a run on the training images without masks."
    settings = Settings(data='voc', root=root, backbone='mobilenet_v2', weights=weights, segmentation='none')
    changed = replace(settings.preset, trust=True, threshold='fixed', fixed=FIXED, fold_steps=180)
    settings.__dict__['preset'] = changed
    return Plan(settings, Data(settings), 0)

def account(plan, run):
    "All figures and the true IoU of each class, at three thresholds."
    dataset, trust = plan.dataset('train'), execute(plan.trust(), run)
    agreed, curve = agreement_of(execute(plan.agreement(), run)), curve_of(execute(plan.curve('train'), run))
    maps = [Maps.of(name, o) for name, o in Packs(execute(plan.maps('train'), run))]
    facts = dict(method='cam', data=dataset.name, split='train', images=len(dataset), seed=0)
    def rows(metric, values, threshold=None, choice='none'):
        return [Score(metric=metric, class_=c, value=round(float(v), 4), threshold=threshold, threshold_choice=choice,
                      **facts) for c, v in zip(dataset.classes, values) if not np.isnan(v)]
    yield from rows('images', agreed.images)
    yield from rows('tag AP', trust.read_arrays('figures.safetensors')['tag AP'])
    for choice, t in (('agreement', agreed.best), ('fixed', FIXED), ('oracle', curve.best)):
        t = round(t, 4)
        figures = assess(dataset.classes, agreed, maps, t, choice).figures
        yield from (row for name, values in figures.items() for row in rows(name, values, t, choice))
        yield from iou_rows(curve.at(t), dataset.classes, t, choice, metric='seed_miou', **facts)

if __name__ == '__main__':
    root, weights, run, out = sys.argv[1:]
    write_scores(out, list(account(plan_of(root, weights), Path(run))))
