import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import { fileURLToPath } from 'node:url'

import type { Durations, Sample } from './measure.js'

/** Where and when something was measured, and how it can be measured again. */
export interface Circumstances {
  /** ISO, the day only: nobody needs the second. */
  readonly date: string
  readonly command: string
  readonly machine: string
  readonly node: string
}

/** One contestant in one situation, one sample for each round. */
export interface CellResult {
  readonly contestant: string
  readonly workload: string
  readonly latencyMs: number
  readonly connections: number
  readonly samples: readonly Sample[]
}

export interface BenchResults extends Circumstances {
  readonly rounds: number
  readonly durations: Durations
  /** A bare request to the provider that is 20 ms away, ms. */
  readonly roundTripMs: number | null
  readonly contestants: readonly { readonly name: string; readonly about: string }[]
  readonly workloads: readonly { readonly name: string; readonly about: string; readonly providerRequests: number }[]
  readonly cells: readonly CellResult[]
}

export function circumstances(command: string): Circumstances {
  const model = cpus()[0]?.model.replace(/\s+/g, ' ').trim() || 'unknown processor'
  const memory = Math.round(totalmem() / 2 ** 30)
  return {
    date: new Date().toISOString().slice(0, 10),
    command,
    machine: `${cpus().length} cores (${model}), ${memory} GiB, ${type()} ${release().replace(/[-+].*/, '')}`,
    node: process.version,
  }
}

/** Beside the sources, wherever this was compiled to. */
const DIRECTORY = new URL('../results/', import.meta.url)

/** Keeps the last of each kind: `bench`, `walk`, `scale`, … Answers where. */
export function keep(kind: string, results: object): string {
  mkdirSync(DIRECTORY, { recursive: true })
  const file = new URL(`${kind}.json`, DIRECTORY)
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`)
  return fileURLToPath(file)
}

/** The last of a kind; null when there is none. */
export function kept<Results>(kind: string): Results | null {
  try {
    return JSON.parse(readFileSync(new URL(`${kind}.json`, DIRECTORY), 'utf8')) as Results
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
