import { z } from 'zod'

import type { ExportLimits } from '../../exports/export-services.js'

const MEBIBYTE = 1024 * 1024

const limit = (fallback: number, minimum: number, maximum: number, description: string) =>
  z.number().int().min(minimum).max(maximum).default(fallback).describe(description)

export const exportLimitsSchema = z
  .strictObject({
    running: limit(2, 1, 100, 'Exports of one workspace that are made at once, over all replicas; others wait.'),
    kept: limit(20, 1, 10_000, 'Exports of one workspace that run, wait or have their file; more are refused.'),
    keptHours: limit(24, 1, 24 * 31, 'How long the file of an export is kept once it is done, in hours.'),
    bytes: limit(
      4 * 1024 * MEBIBYTE,
      MEBIBYTE,
      1024 * 1024 * MEBIBYTE,
      'Bytes of one file as it is stored, deflated: about a tenth of the file.',
    ),
  })
  .prefault({})
  .describe('What exports of call records may take.') satisfies z.ZodType<ExportLimits>
