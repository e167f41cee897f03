"""What should the network of photographs learn? python photos_network.py ROOT WEIGHTS FOLDER OUT.csv

The arguments are those of photos_default.py, which should have run before in the same FOLDER: its steps are taken over. The rule stands
in photos_network.json. One thread.
"""
import csv, json, sys
from pathlib import Path

import numpy as np
import torch

from photos_default import PHOTOS, as_folder, drawn, plan_of
from wsss_nb.core.store import Packs
from wsss_nb.datasets.images import read_image, read_mask
from wsss_nb.datasets.samples import Maps
from wsss_nb.datasets.scores import confusion, iou
from wsss_nb.datasets.voc import VOC
from wsss_nb.models.looks import segment
from wsss_nb.models.segmentation import Pseudo, train_segmenter
from wsss_nb.work.graph import execute
from wsss_nb.work.steps import unpacked
from wsss_nb.work.sure import grey_of, sure_only

COLUMNS = 'draw', 'learns', 'crf', 'photographs', 'classes', 'miou', 'cover'
ASKED, LEAST = 120, 8

def loud(line): print(line, file=sys.stderr, flush=True)

def taught(whole, weights, folder, draw, sure):
    "The classes and the network of a draw that learnt from all labels, or from sure ones."
    plan = plan_of(as_folder(whole, drawn(whole, draw), folder/f'photos-{draw}'), weights, draw, 'cam/amn/crf', segmentation='photos')
    masks, maps = (Packs(execute(o, folder/f'steps-{draw}', loud)) for o in (plan.seeds('train'), plan.maps('train', plan.crisp)))
    def mask_of(name):
        mask = unpacked(masks[name])
        nobody = np.full_like(mask, 255)
        return sure_only(mask, grey_of(Maps.of(name, maps[name]), mask, plan.fixed(plan.crisp), nobody)) if sure else mask
    dataset, how = Pseudo(plan.dataset('train'), mask_of), plan.segmentation
    network = how.network('mobilenet_v2', dataset.classes, weights, seed=draw)
    loop = folder/f'network-{draw}-{"sure" if sure else "all"}'
    return dataset.classes, train_segmenter(network, dataset, how, how.size, loop, seed=draw, device='cpu', what=f'{loop.name}')

def asked(whole, classes, network, places, look):
    "Confusion matrices of the photographs, ids of `whole`, without tags."
    ids = np.append(0, [whole.classes.index(c) + 1 for c in classes]).astype(np.uint8)
    for i in places:
        said = ids[segment(network, read_image(whole.image_path(i)), **look)]
        yield confusion(read_mask(whole.mask_path(i), len(whole.classes)), said, len(whole.classes))

if __name__ == '__main__':
    torch.set_num_threads(1)
    root, weights, folder, out = sys.argv[1:]
    whole, said = VOC(root, 'train'), json.loads(Path(__file__).with_suffix('.json').read_text())
    places = np.sort(np.random.default_rng(0).permutation(len(whole))[len(said['draws'])*PHOTOS:][:ASKED])
    kept = np.append(True, whole.labels[places].sum(0) >= LEAST)
    with open(out, 'w', newline='') as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator='\n')
        table.writeheader()
        for draw in said['draws']:
            for name in said['candidates']:
                classes, network = taught(whole, weights, Path(folder), draw, name == 'sure labels')
                for crf in said['then']:
                    total = sum(asked(whole, classes, network.eval(), places, dict(scales=[1.], flip=True, crf=crf)))
                    table.writerow(dict(draw=draw, learns=name, crf=crf or 'none', photographs=len(places), classes=int(kept.sum()) - 1,
                                        miou=round(float(iou(total)[kept].mean()), 4), cover=round(float(total[:, 1:].sum()/total[1:].sum()), 3)))
                    file.flush()
