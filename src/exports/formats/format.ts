import type { CompleteCall } from '../complete-call.js'
import { csvLines } from './csv.js'
import { showCalls, type Shown } from './members.js'
import { vconLines } from './vcon.js'

/** The formats of an export. */
export type Format = 'JSONL' | 'CSV' | 'VCON'

/** What a file of a format is called and served as. */
export const FORMATS: Readonly<Record<Format, { readonly mediaType: string; readonly ending: string }>> = {
  JSONL: { mediaType: 'application/x-ndjson', ending: 'jsonl' },
  CSV: { mediaType: 'text/csv; charset=utf-8; header=present', ending: 'csv' },
  VCON: { mediaType: 'application/vcon', ending: 'vcon.jsonl' },
}

/** Writes the lines of a file. */
export interface Lines {
  /** What stands before the first line. */
  readonly head: string
  line(call: CompleteCall): string
}

/** The lines of a format. `createdAt`: ISO 8601, of the export. */
export function linesOf(format: Format, shown: Shown, createdAt: string): Lines {
  const show = showCalls(shown)
  switch (format) {
    case 'JSONL':
      return { head: '', line: (call) => `${JSON.stringify(show(call))}\n` }
    case 'CSV': {
      const { head, line } = csvLines(shown.members)
      return { head, line: (call) => line(show(call)) }
    }
    case 'VCON': {
      const line = vconLines(createdAt, shown)
      return { head: '', line: (call) => line(call, show(call)) }
    }
  }
}
