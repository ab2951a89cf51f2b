import { setFlagsFromString } from 'node:v8'

/*
 * How far V8 lets the old generation grow before a full collection. By itself it lets that of a small
 * heap grow fourfold. docs/performance.md has the figures.
 */

/** Percent of what lives, while operations are answered: everything dies with its operation. */
const OF_OPERATIONS = 80
/** The same while long work goes on, which is made of garbage that nobody waits for. */
const OF_LONG_WORK = 35

/** Bounds the heap of this process: only for a process that is all ours. */
export function boundHeapGrowth(isLongWork = false): void {
  setFlagsFromString(`--heap-growing-percent=${isLongWork ? OF_LONG_WORK : OF_OPERATIONS}`)
}
