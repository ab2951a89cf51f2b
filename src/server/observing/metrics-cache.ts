import { Counter, Gauge, type Registry } from 'prom-client'

import type { CacheFigures } from '../../http/account/reply-cache.js'

const RESULTS = { hit: 'hits', miss: 'misses', revalidated: 'revalidated', stale: 'stale', shared: 'shared' } as const

/**
 * Metrics of the response cache, which keeps its own counts: they are read when Prometheus scrapes.
 */
export function cacheMetrics(registers: Registry[], figures: () => CacheFigures): void {
  new Counter({
    name: 'dialgraph_cache_reads_total',
    help: 'Reads of the cache of answers; `shared` waited for a request of another operation, `stale` was too old and the best to be had.',
    labelNames: ['result'],
    registers,
    collect() {
      this.reset()
      const counted = figures()
      for (const [result, name] of Object.entries(RESULTS)) this.inc({ result }, counted[name])
    },
  })
  new Counter({
    name: 'dialgraph_cache_evictions_total',
    help: 'Answers that newer ones pushed out of the cache.',
    registers,
    collect() {
      this.reset()
      this.inc(figures().evictions)
    },
  })
  new Gauge({
    name: 'dialgraph_cache_bytes',
    help: 'Bytes the cache of answers holds, estimated.',
    registers,
    collect() {
      this.set(figures().bytes)
    },
  })
  new Gauge({
    name: 'dialgraph_cache_answers',
    help: 'Answers the cache holds.',
    registers,
    collect() {
      this.set(figures().entries)
    },
  })
}
