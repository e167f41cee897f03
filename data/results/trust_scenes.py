"""Do figures of trust predict the truth? python trust_scenes.py RUNS OUT.csv: three rho, seeds 0-2, trained in RUNS."""
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from wsss_nb.datasets.samples import Subset, enlarge
from wsss_nb.datasets.scenes import CLASSES, Scenes
from wsss_nb.datasets.scores import seed_curve
from wsss_nb.datasets.rows import Score, iou_rows, write_scores
from wsss_nb.kernels.thresholds import mask_at
from wsss_nb.methods.cam import CAM
from wsss_nb.models.weights import load_network
from wsss_nb.models.training import PRESETS, predict, train
from wsss_nb.work.data import Data
from wsss_nb.work.graph import execute
from wsss_nb.work.plan import Plan
from wsss_nb.work.recipe import Settings
from wsss_nb.work.looks import agreement, looks
from wsss_nb.work.account import assess
from wsss_nb.work.heldback import cross_validated, folds

K, FIXED, SHORT = len(CLASSES), .15, replace(PRESETS['scenes'], epochs=10)  # folds are trained half as long

def network_of(rho, seed, runs):
    "The standard network of a seed, and its training images."
    settings = Settings('cam', rho=rho, seeds=f'{seed}-{seed}')
    plan = Plan(settings, Data(settings), seed)
    store = execute(plan.train, runs/f'rho-{rho}')
    return load_network(store.file('network.safetensors')), plan.dataset('train')

def precision(dataset, seed, runs):
    "Average precision of tags in the fold a network was not trained on."
    fold, logits, host = folds(dataset.labels, 2, seed), np.zeros(dataset.labels.shape), CAM()
    def losses(network, batch): return host.losses(network(batch.images), batch)
    for f in (0, 1):
        seen, asked = (Subset(dataset, np.flatnonzero(o)) for o in (fold != f, fold == f))
        network = train(host.network(CLASSES, seed=seed), losses, seen, SHORT, 96, runs/f'fold-{f}', seed, masks=False)
        logits[fold == f] = predict(network, asked, 96)
    return cross_validated(logits, dataset.labels, fold)

def shared_right(pairs, samples, threshold):
    "Of the pixels that both looks give to a class, the share that is right, (K,)."
    right, shared = np.zeros((2, K))
    for (classes, a, b), sample in zip(pairs, samples):
        one, other = (mask_at(classes, enlarge(o, sample.mask.shape), threshold) for o in (a, b))
        both = np.where(one == other, one, 0)
        for k in classes:
            shared[k] += (both == k + 1).sum()
            right[k] += ((both == k + 1) & (sample.mask == k + 1)).sum()
    return right/np.maximum(shared, 1)

def account(network, dataset, rho, seed, found):
    "All figures of one network on one data set and the true IoU, each at three thresholds."
    host, samples = CAM(), list(dataset)
    pairs, maps = looks(host, network, samples), host.maps(network, samples)
    agreed, curve = agreement(pairs, K), seed_curve(maps, dataset)
    facts = dict(method=f'cam trained at rho {rho}', data=f'scenes rho {dataset.rho}', split=dataset.split,
                 images=len(dataset), seed=seed)
    def rows(metric, values, threshold=None, choice='none'):
        return [Score(metric=metric, class_=c, value=round(float(v), 4), threshold=threshold, threshold_choice=choice,
                      **facts) for c, v in zip(CLASSES, values) if not np.isnan(v)]
    yield from rows('images', agreed.images) + rows('tag AP', found)
    for choice, t in (('agreement', agreed.best), ('fixed', FIXED), ('oracle', curve.best)):
        t = round(t, 4)
        figures = assess(CLASSES, agreed, maps, t, choice).figures
        figures |= {'shared pixels right': shared_right(pairs, samples, t)}
        yield from (row for name, values in figures.items() for row in rows(name, values, t, choice))
        yield from (replace(o, value=round(o.value, 4)) for o in
                    iou_rows(curve.at(t), CLASSES, t, choice, metric='seed_miou', **facts))

def scores(rho, seed, runs):
    "The rows of one network: on its own training images, and on scenes that are the same for every rho."
    network, dataset = network_of(rho, seed, runs)
    yield from account(network, dataset, rho, seed, precision(dataset, seed, runs/f'rho-{rho}'/f'folds-{seed}'))
    same = account(network, Scenes(300, rho=.7, seed=seed, split='val'), rho, seed, np.full(K, np.nan))
    yield from (o for o in same if o.metric in ('agreement', 'shared pixels right', 'seed_miou'))

if __name__ == '__main__':
    torch.set_num_threads(1)
    table = [row for rho in (.4, .7, .95) for seed in range(3) for row in scores(rho, seed, Path(sys.argv[1]))]
    write_scores(sys.argv[2], table)
