"""What should the masks of tagged photographs be made of? python photos_default.py ROOT WEIGHTS FOLDER OUT.csv [DRAW...]

ROOT is a data set in VOC's layout, WEIGHTS a file of MobileNetV2 trained on ImageNet, FOLDER takes photographs and steps (what
stands there is not done again). The questions, the candidates and the rule stand in photos_default.json. One thread. DRAW `test` takes
all photographs of the list `test`, which nothing was decided on, and only the candidates of the confirmation.
"""
import csv, json, shutil, sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from wsss_nb.core.store import Packs
from wsss_nb.datasets.images import read_mask
from wsss_nb.datasets.scores import confusion, iou
from wsss_nb.datasets.voc import VOC
from wsss_nb.work.data import Data
from wsss_nb.work.graph import execute, stored, walk
from wsss_nb.work.plan import Plan, checked
from wsss_nb.work.recipe import Settings
from wsss_nb.work.steps import unpacked

PHOTOS, CUTS, TAUGHT = 90, (.3, .4, .5, .6), (.4, .5)
CONFIRMED = ('maps', .4), ('crf', .4), ('amn/crf', .4), ('network', .4), ('network after amn/crf', .4)
COLUMNS = 'draw', 'candidate', 'threshold', 'photographs', 'classes', 'miou', 'cover', 'half', 'cpu_s'

def drawn(whole, draw):
    "Indices of the photographs of a draw; draws do not overlap."
    return np.sort(np.random.default_rng(0).permutation(len(whole))[draw*PHOTOS:(draw + 1)*PHOTOS])

def as_folder(whole, some, folder):
    "The photographs `some` of `whole` as their owner has them: a folder and a table of tags."
    folder.mkdir(parents=True, exist_ok=True)
    for i in some: shutil.copyfile(whole.image_path(i), folder/Path(whole.image_path(i)).name)
    tags = lambda i: ';'.join(np.array(whole.classes)[whole.labels[i] > 0])
    with open(folder.with_suffix('.csv'), 'w', newline='') as file:
        csv.writer(file).writerows([('image', 'tags'), *((whole.names[i], tags(i)) for i in some)])
    return folder

def plan_of(photos, weights, draw, method='cam', cut=.4, segmentation='none'):
    "A run on the photographs, cut where it is told."
    settings = checked(Settings(method, data='folder', images=str(photos), labels=str(photos.with_suffix('.csv')), backbone='mobilenet_v2',
                                weights=weights, segmentation=segmentation))
    settings.__dict__['preset'] = replace(settings.preset, fixed=cut)
    return Plan(settings, Data(settings), draw)

def candidates(photos, weights, draw, wanted):
    "(name, threshold, plan) of all that are compared, or of those that are wanted."
    plan = lambda *a, **kw: plan_of(photos, weights, draw, *a, **kw)
    if wanted: return [o for o in candidates(photos, weights, draw, ()) if o[:2] in wanted]
    return every(plan)

def every(plan):
    "All candidates."
    for name, method, cuts in (('maps', 'cam', CUTS), ('crf', 'cam/crf', CUTS), ('amn', 'cam/amn', TAUGHT), ('amn/crf', 'cam/amn/crf', TAUGHT)):
        yield from ((name, cut, plan(method, cut)) for cut in cuts)
    yield 'network', .4, plan(segmentation='photos')
    yield 'network after amn/crf', .4, plan('cam/amn/crf', segmentation='photos')

def ellipse(truth, classes):
    "The centre of the picture, as its first tag."
    y, x = np.mgrid[:truth.shape[0], :truth.shape[1]]
    inside = np.hypot((y + .5)/truth.shape[0] - .5, (x + .5)/truth.shape[1] - .5) < .4
    return np.where(inside, classes[0] + 1, 0).astype(np.uint8)

def rated(masks, truths, labels, least):
    "miou, cover and half of masks beside the true ones."
    every = np.stack([confusion(t, m, labels.shape[1]) for t, m in zip(truths, masks)])
    kept = np.append(True, labels.sum(0) >= least)
    each, total = iou(every), every.sum(0)
    own = [np.mean(row[np.append(False, tags > 0)]) for row, tags in zip(np.nan_to_num(each), labels)]
    cover = total[:, 1:].sum()/total[1:].sum()
    return dict(photographs=len(every), classes=int(kept.sum()) - 1, miou=round(float(iou(total)[kept].mean()), 4), cover=round(float(cover), 3),
                half=round(float(np.mean(np.array(own) >= .5)), 3))

def ids_of(whole, dataset):
    "The id of a class of `whole` in `dataset`, by its id; 255 stays."
    ids = np.zeros(256, np.uint8)
    ids[255] = 255
    for k, c in enumerate(dataset.classes): ids[whole.classes.index(c) + 1] = k + 1
    return ids

def rows_of(whole, some, weights, folder, draw, least=8, wanted=()):
    "A row for each candidate on one set of photographs."
    photos = as_folder(whole, some, folder/f'photos-{draw}')
    seed = draw if isinstance(draw, int) else 0
    dataset = plan_of(photos, weights, seed).dataset('train')
    at, ids = {n: i for i, n in enumerate(whole.names)}, ids_of(whole, dataset)
    read = lambda n: ids[read_mask(whole.mask_path(at[n]), len(whole.classes))]
    truths = [read(Path(o).stem) for o in dataset.names]
    facts = dict(draw=draw)
    yield facts | dict(candidate='ellipse', threshold='', cpu_s=0) | rated(
        [ellipse(t, np.flatnonzero(o)) for t, o in zip(truths, dataset.labels)], truths, dataset.labels, least)
    for name, cut, plan in candidates(photos, weights, seed, wanted):
        step = plan.beside if name.startswith('network') else plan.final()[1]
        packs = Packs(execute(step, folder/f'steps-{draw}', lambda line: print(line, file=sys.stderr)))
        cost = sum(stored(o, folder/f'steps-{draw}').facts['cpu_s'] for o in walk(step))
        masks = [unpacked(packs[n]) for n in dataset.names]
        yield facts | dict(candidate=name, threshold=cut, cpu_s=round(cost)) | rated(masks, truths, dataset.labels, least)

if __name__ == '__main__':
    torch.set_num_threads(1)
    root, weights, folder, out, *draws = sys.argv[1:]
    train, test = VOC(root, 'train'), lambda: VOC(root, 'test')
    with open(out, 'w', newline='') as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator='\n')
        table.writeheader()
        for draw in draws or json.loads(Path(__file__).with_suffix('.json').read_text())['draws']:
            if draw == 'test': rows = rows_of(test(), range(len(test())), weights, Path(folder), draw, 17, CONFIRMED)
            else: rows = rows_of(train, drawn(train, int(draw)), weights, Path(folder), int(draw))
            for row in rows:
                table.writerow(row)
                file.flush()
