import { Bulkhead } from '../bulkhead.js'

/** Runs tasks in the order they came, at most `size` at once; each fails alone. */
export type Pool = Pick<Bulkhead, 'run'>

export const boundedPool = (size: number): Pool => new Bulkhead(size)
