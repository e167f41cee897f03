"""Which photograph should be corrected next? python photos_teach.py ROOT WEIGHTS FOLDER OUT.csv

The arguments are those of photos_default.py. What stands in FOLDER and the rows of OUT.csv are not made again. The question and the rule
stand in photos_teach.json. One thread.
"""
import csv, json, shutil, sys, time
from pathlib import Path

import numpy as np
import torch

from photos_default import as_folder, ids_of, plan_of
from photos_network import asked, loud
from wsss_nb.core.store import Packs
from wsss_nb.datasets.images import read_mask
from wsss_nb.datasets.samples import Maps
from wsss_nb.datasets.scores import iou
from wsss_nb.datasets.voc import VOC
from wsss_nb.models.segmentation import Pseudo, train_segmenter
from wsss_nb.work.graph import execute
from wsss_nb.work.steps import unpacked
from wsss_nb.work.sure import UNSURE, grey_of

COLUMNS = 'training', 'order', 'corrected', 'right_before', 'photographs', 'classes', 'miou', 'cover', 'cpu_s'
LEAST = 17

def made(whole, weights, folder, seed):
    "The plan of a training, its masks, and the share of each photograph that is not sure."
    plan = plan_of(as_folder(whole, range(len(whole)), folder/'photos'), weights, seed, 'cam/amn/crf', segmentation='photos')
    masks, maps = (Packs(execute(o, folder/f'steps-{seed}', loud)) for o in (plan.seeds('train'), plan.maps('train', plan.crisp)))
    cut, unsure, out = plan.fixed(plan.crisp), {}, {}
    for name in plan.dataset('train').names:
        mask = out[name] = unpacked(masks[name])
        grey = grey_of(Maps.of(name, maps[name]), mask, cut, np.full_like(mask, 255))
        unsure[name] = float((grey < 255*UNSURE).mean())
    return plan, out, unsure

def in_order(order, unsure, seed):
    "Names of photographs, the first one to be corrected first."
    names = list(unsure)
    return sorted(names, key=lambda o: -unsure[o]) if order == 'least sure' else [names[i] for i in np.random.default_rng([seed, 7]).permutation(len(names))]

def row_of(whole, val, weights, folder, seed, order, n, given):
    "Train the network with n corrected masks, and ask it about `val`."
    plan, masks, unsure = given
    dataset, how, began = plan.dataset('train'), plan.segmentation, time.process_time()
    at, ids = {o: i for i, o in enumerate(whole.names)}, ids_of(whole, dataset)
    truth = {o: ids[read_mask(whole.mask_path(at[o]), len(whole.classes))] for o in in_order(order, unsure, seed)[:n]}
    right = [float((masks[o] == t)[t != 255].mean()) for o, t in truth.items()]
    loop = folder/f'network-{seed}-{order.replace(" ", "-")}-{n}'
    network = how.network('mobilenet_v2', dataset.classes, weights, seed=seed)
    network = train_segmenter(network, Pseudo(dataset, lambda o: truth.get(o, masks[o])), how, how.size, loop, seed=seed, device='cpu', what=loop.name)
    total = sum(asked(val, dataset.classes, network.eval(), range(len(val)), dict(scales=[1.], flip=True, crf='')))
    shutil.rmtree(loop)
    kept = np.append(True, val.labels.sum(0) >= LEAST)
    return dict(training=seed, order=order, corrected=n, right_before=round(float(np.mean(right)), 3) if right else '', photographs=len(val),
                classes=int(kept.sum()) - 1, miou=round(float(iou(total)[kept].mean()), 4), cover=round(float(total[:, 1:].sum()/total[1:].sum()), 3),
                cpu_s=round(time.process_time() - began))

def wanted(said):
    "What is trained: the ends of the curve first."
    for n in sorted(said['corrected'], key=lambda o: (o not in (0, 80), -o)):
        for seed in said['trainings']:
            for order in list(said['orders'])[-1 if n == 0 else 0:]: yield seed, order, n

if __name__ == '__main__':
    torch.set_num_threads(1)
    root, weights, folder, out = sys.argv[1:]
    said, given = json.loads(Path(__file__).with_suffix('.json').read_text()), {}
    whole, val, out = VOC(root, 'train'), VOC(root, 'val'), Path(out)
    rows = list(csv.DictReader(out.open())) if out.exists() else []
    have = {(int(o['training']), o['order'], int(o['corrected'])) for o in rows}
    for seed, order, n in wanted(said):
        if (seed, order, n) in have: continue
        if seed not in given: given[seed] = made(whole, weights, Path(folder), seed)
        rows.append(row_of(whole, val, weights, Path(folder), seed, order, n, given[seed]))
        with open(out, 'w', newline='') as file:
            table = csv.DictWriter(file, COLUMNS, lineterminator='\n')
            table.writeheader()
            table.writerows(rows)
