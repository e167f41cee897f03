"""Seconds and bytes an image of what is done image by image: python scale.py VOC_ROOT FILE.csv

One thread. The first 16 photographs of the list `train` with 375 x 500 pixels, MobileNetV2 with random weights (time does not
depend on them), the settings that --data voc has. Times are CPU seconds, means over the photographs, reading included where
the step reads. The rows of the machinery: what a process spends on imports,
a task there and back with a dask cluster of one worker process on this machine (caller and scheduler together), the writing of packs.
"""
import csv, os, pickle, subprocess, sys, tempfile, time
from pathlib import Path

import numpy as np
from dask.distributed import LocalCluster

from wsss_nb.core.cluster import Cluster, parcel
from wsss_nb.core.outcomes import outcomes
from wsss_nb.core.store import Packs, Store
from wsss_nb.datasets.images import read, write_mask
from wsss_nb.datasets.samples import Maps, Subset
from wsss_nb.datasets.voc import VOC
from wsss_nb.datasets.scores import seed_curve
from wsss_nb.kernels.contours import contours
from wsss_nb.methods.cam import seeds
from wsss_nb.models.looks import segment
from wsss_nb.models.segmentation import SEGMENTATIONS
from wsss_nb.work.data import Data, content_of
from wsss_nb.work.plan import Plan
from wsss_nb.work.recipe import Settings
from wsss_nb.work.steps import Item, packed

FEW = 16
rows = []

def timed(step, what, function, items, sent=0, returned=0):
    "Call `function` with each item; a row says what that cost. Calls that may compile are made before, and not counted."
    for o in items if step == 'crf' else items[:1]: function(o)
    results, seconds = [], []
    for o in items:
        start = time.process_time()
        results.append(function(o))
        seconds.append(time.process_time() - start)
    size = np.mean([len(pickle.dumps(o)) for o in results]) if returned is None else returned
    rows.append(dict(step=step, kind=what, seconds=f'{np.mean(seconds):.5f}', spread=f'{np.std(seconds)/np.mean(seconds):.2f}',
                     sent=round(sent), returned=round(size)))
    print(*rows[-1].values(), flush=True)
    return results

def steps(root):
    "The steps of an image."
    plan = Plan(Settings(data='voc', root=root, backbone='mobilenet_v2', method='cam/crf'), None, 0)
    voc, preset = VOC(root, 'train'), plan.settings.preset
    some = [i for i in range(len(voc)) if sorted(voc[i].image.shape[:2]) == [375, 500]][:FEW]
    assert len(some) == FEW
    data, host, crf = Subset(voc, some), plan.host, plan.stage(1)
    unread = [data.unread(i) for i in range(FEW)]
    network = host.network(voc.classes, 'mobilenet_v2', None, seed=0).eval()
    size = lambda items: np.mean([len(pickle.dumps(o)) for o in items])
    timed('check', 'caller', lambda i: (data[i], content_of(voc.image_path(some[i]))), range(FEW), returned=0)
    maps = timed('maps', 'workers', lambda o: host.maps(network, [read(o)])[0], unread, size(unread), None)
    rows[-1]['returned'] = round(size([o.arrays() for o in maps]))
    pairs = [(o, m) for o, m in zip(unread, maps)]
    sent = size([Item(o.name, o, (m.arrays(),)) for o, m in pairs])
    refined = timed('crf', 'workers', lambda o: crf(o[1], read(o[0]), threshold=.3), pairs, sent)
    rows[-1]['returned'] = round(size([o.arrays() for o in refined]))
    timed('masks', 'workers', lambda o: packed(seeds(o[1], .3)), pairs, sent, None)
    how = SEGMENTATIONS[preset.segmentation]
    segmenter = how.network('mobilenet_v2', voc.classes, None, seed=0).eval()
    timed('segmentation', 'workers', lambda o: packed(segment(segmenter, read(o).image, labels=o.labels, **preset.look)),
          unread, size(unread), None)
    found = [seeds(m, .3) for m in maps]
    timed('curve', 'caller', lambda i: seed_curve([maps[i]], Subset(data, [i])), range(FEW))
    timed('rate', 'caller', lambda i: contours(data[i].mask, found[i], 20, void=preset.void), range(FEW))
    home = Path(tempfile.mkdtemp())
    timed('deliver', 'caller', lambda i: write_mask(home/f'{i}.png', found[i]), range(FEW))
    return [o.arrays() for o in maps], parcel((host, network))

def writing(maps):
    "What the one writer does for an image: the first thousand, and the manifest's share at eighty thousand."
    for n in (1024, 8192):
        store = Store(tempfile.mkdtemp())
        packs, start = Packs(store), time.process_time()
        for i in range(n): packs.add(f'COCO_train2014_{i:012}', maps[i % FEW] if n == 1024 else {'n': np.array([i])})
        packs.flush()
        rows.append(dict(step='write' if n == 1024 else 'write small', kind='machinery', spread=0, seconds=f'{(time.process_time() - start)/n:.5f}',
                         sent=0, returned=round(store.path.stat().st_size/n)))
        print(*rows[-1].values(), flush=True)

def machinery(bundle):
    "What a cluster costs beside the work."
    before = os.times()
    subprocess.run([sys.executable, '-c', 'import wsss_nb.work.steps, wsss_nb.models.looks, wsss_nb.methods.cam'], check=True)
    after = os.times()
    seconds = after.children_user + after.children_system - before.children_user - before.children_system
    rows.append(dict(step='start', kind='machinery', spread=0, seconds=f'{seconds:.3f}', sent=len(bundle), returned=0))
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None, silence_logs=50) as local, \
         Cluster(local.scheduler_address) as crew:
        for name, payload in (('task', b''), ('task of 1 MB', bytes(2**20))):
            work = (lambda chunk: (chunk, []))
            n = 500 if not payload else 100
            for _ in outcomes(work, ([payload] for _ in range(20)), crew): pass
            start = time.process_time()
            for _ in outcomes(work, ([payload] for _ in range(n)), crew): pass
            rows.append(dict(step=name, kind='machinery', spread=0, seconds=f'{(time.process_time() - start)/n:.5f}', sent=len(payload), returned=len(payload)))
    print(*(tuple(o.values()) for o in rows[-3:]), sep='\n', flush=True)

if __name__ == '__main__':
    maps, bundle = steps(sys.argv[1])
    writing(maps)
    machinery(bundle)
    with open(sys.argv[2], 'w', newline='') as file:
        writer = csv.DictWriter(file, rows[0], lineterminator='\n')
        writer.writeheader()
        writer.writerows(rows)
