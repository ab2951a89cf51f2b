import { Counter, type Registry } from 'prom-client'

/** What is counted of exports; no label names a workspace. */
export interface ExportMetrics {
  /** Counts an export that has ended. */
  exportEnd(format: string, status: string): void
  /** Counts what was written to files. */
  exportWritten(records: number, bytes: number): void
}

export function exportMetrics(registers: Registry[]): ExportMetrics {
  const ended = new Counter({
    name: 'dialgraph_exports_total',
    help: 'Exports of call records that ended here, by format and status: COMPLETED, COMPLETED_WITH_GAPS or FAILED.',
    labelNames: ['format', 'status'],
    registers,
  })
  const records = new Counter({
    name: 'dialgraph_export_records_total',
    help: 'Calls that were written to files of exports.',
    registers,
  })
  const bytes = new Counter({
    name: 'dialgraph_export_bytes_total',
    help: 'Bytes that were written to files of exports, before they are deflated.',
    registers,
  })
  return {
    exportEnd: (format, status) => ended.inc({ format, status }),
    exportWritten(written, length) {
      records.inc(written)
      bytes.inc(length)
    },
  }
}
