import { readFileSync } from 'node:fs'

import { describe, expect, test } from '@jest/globals'

import { DEFAULT_KNOBS as bulutfon } from '../../src/providers/bulutfon/emulator/knobs.js'
import { DEFAULT_KNOBS as ipex } from '../../src/providers/ipex/emulator/knobs.js'
import { DEFAULT_KNOBS as postacell } from '../../src/providers/postacell/emulator/knobs.js'
import { DEFAULT_KNOBS as railsApiV1 } from '../../src/providers/rails-api-v1/emulator/knobs.js'

/** The README page of each emulator, and its knobs. */
const EMULATORS: Readonly<Record<string, object>> = {
  'bulutfon/README.md': bulutfon,
  'ipex/emulator/README.md': ipex,
  'postacell/README.md': postacell,
  'rails-api-v1/README.md': railsApiV1,
}

describe.each(Object.entries(EMULATORS))('%s', (page, knobs) => {
  const text = readFileSync(new URL(`../../src/providers/${page}`, import.meta.url), 'utf8')
  const rows = text.split('\n').filter((line) => line.startsWith('|'))

  test('has every knob of its emulator in a table', () => {
    const missing = Object.keys(knobs).filter((knob) => !rows.some((row) => row.includes(`\`${knob}\` (`)))
    expect(missing).toEqual([])
  })
})
