import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { exportCalls } from '../../src/commands/export/export.js'
import { CommandFailed } from '../../src/commands/command-failed.js'
import { startTwins, type Twins } from '../archive/twins.js'
import { exported } from '../exports/exporting.js'
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js'
import { commandHere, type Ended } from './command-here.js'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const isBuilt = existsSync(MAIN)

const directory = mkdtempSync(join(tmpdir(), 'dialgraph-export-'))
const file = (name: string) => join(directory, name)
let twins: Twins
/** In the middle of the network between the command and the server. */
let proxy: TcpProxy
beforeAll(async () => {
  twins = await startTwins({ scale: 0.02 })
  proxy = await startTcpProxy(twins.archived.url)
}, 120_000)
afterAll(async () => {
  await proxy.close()
  await twins.close()
  rmSync(directory, { recursive: true })
})

const ALL = ['--from', '2000-01-01']
const run = (...options: readonly string[]): Promise<Ended> =>
  commandHere(['export', '--server', twins.archived.url, ...options], directory)
const idIn = ({ stderr }: Ended) => /^The export is (\S+);/m.exec(stderr)![1]!
const graphQl = () =>
  exported(twins.archived.ask, { filter: { startedAt: { from: '2000-01-01T00:00:00Z' } }, format: 'CSV' })

describe('dialgraph export', () => {
  test('writes the same file as the link of the export has, and its checksum', async () => {
    const { code, stdout, stderr } = await run(...ALL, '--format', 'csv', '--output', 'calls.csv')
    const { file: expected, recordCount } = await graphQl()
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(readFileSync(file('calls.csv')).equals(expected)).toBe(true)
    expect(stderr).toMatch(new RegExp(`^${recordCount.toLocaleString('en')} calls, .*, SHA-256 \\S{44}$`, 'm'))
  })

  test('asks for days of a zone, accounts, members and legs as they are named', async () => {
    const options = ['--from', '2026-02-10', '--until', '2026-02-11', '--time-zone', 'Europe/Istanbul']
    const { code } = await run(
      ...options,
      '--account',
      'izmir',
      '--fields',
      'id,startedAt',
      '--legs',
      '--output',
      'day.jsonl',
    )
    const { file: expected } = await exported(twins.archived.ask, {
      filter: {
        accountKeys: ['izmir'],
        startedAt: { from: '2026-02-09T21:00:00Z', until: '2026-02-10T21:00:00Z' },
      },
      ...{ fields: ['id', 'startedAt'], includeLegs: true, timeZone: 'Europe/Istanbul' },
    })
    expect(code).toBe(0)
    expect(expected.length).toBeGreaterThan(0)
    expect(readFileSync(file('day.jsonl'), 'utf8')).toBe(expected.toString())
  })

  test('exits with 3 and names what is missing, once the file is written', async () => {
    const { code, stderr } = await commandHere(
      ['export', '--server', twins.plain.url, '--account', 'izmir', '--output', 'gaps.jsonl'],
      directory,
    )
    expect(code).toBe(3)
    expect(stderr).toMatch(
      /The file has gaps:\n {2}- .*\(izmir\) from the beginning until .*: The account has no archive/,
    )
    expect(readFileSync(file('gaps.jsonl'), 'utf8')).toBe('')
  })

  test('goes on with --resume after the bytes that a file has', async () => {
    const first = await run(...ALL, '--format', 'csv', '--output', 'half.csv')
    const whole = readFileSync(file('half.csv'))
    truncateSync(file('half.csv'), whole.length >> 1)
    const { code } = await run('--resume', idIn(first), '--output', 'half.csv')
    expect(code).toBe(0)
    expect(readFileSync(file('half.csv')).equals(whole)).toBe(true)
  })

  test('says that bytes which were there before are those of another file', async () => {
    const first = await run(...ALL, '--output', 'mine.jsonl')
    const whole = readFileSync(file('mine.jsonl'))
    writeFileSync(file('mine.jsonl'), Buffer.alloc(100, 'x'))
    const short = await run('--resume', idIn(first), '--output', 'mine.jsonl')
    expect([short.code, short.stderr]).toEqual([1, expect.stringMatching(/are not those of the export/)])
    writeFileSync(file('mine.jsonl'), Buffer.alloc(whole.length + 1, 'x'))
    const long = await run('--resume', idIn(first), '--output', 'mine.jsonl')
    expect([long.code, long.stderr]).toEqual([1, expect.stringMatching(/they belong to another one/)])
    expect(readFileSync(file('mine.jsonl'))).toHaveLength(whole.length + 1)
  })

  test('overwrites nothing', async () => {
    writeFileSync(file('kept.csv'), 'kept')
    const { code, stderr } = await run(...ALL, '--output', 'kept.csv')
    expect([code, readFileSync(file('kept.csv'), 'utf8')]).toEqual([1, 'kept'])
    expect(stderr).toMatch(/kept\.csv is there already/)
  })

  test.each([
    [['--from', 'yesterday'], /--from yesterday: a day, as 2026-03-01/],
    [['--until', '2026-02-10T08:00:00'], /a time with its zone/],
    [['--time-zone', 'Moon/Crater'], /there is no such zone/],
    [['--fields', 'id,nonsense'], /fields: `nonsense` is not exported/],
    [['--resume', 'bm9uZQ'], /is not the id of a CallRecordExport/],
    [['--format', 'xlsx'], /Allowed choices are jsonl, csv, vcon/],
    [['--server', 'ftp://there'], /begins with http:\/\/ or https:\/\//],
  ])('%j is refused with what to say instead, and nothing is made', async (options, why) => {
    const { code, stderr } = await run('--output', 'refused.jsonl', ...options)
    expect([code, stderr]).toEqual([1, expect.stringMatching(why)])
    expect(existsSync(file('refused.jsonl'))).toBe(false)
  })

  test('goes on by itself when connections are lost while the server makes and sends the file', async () => {
    const whole = await graphQl()
    let cuts = 0
    const cutting = setInterval(() => {
      cuts += 1
      proxy.cut()
      if (cuts === 20) clearInterval(cutting)
    }, 1)
    const graph = { server: proxy.url(twins.archived.url).replace(/\/$/, ''), token: null }
    const pace = { lookEveryMs: 1, patienceMs: 60_000 }
    const output = file('lossy.csv')
    await untilBegun(() => exportCalls({ from: '2000-01-01', format: 'csv', output }, graph, pace))
    clearInterval(cutting)
    expect(readFileSync(output).equals(whole.file)).toBe(true)
  })

  test('gives up where nobody answers for too long', async () => {
    const { stderr, ...first } = await run(...ALL, '--output', 'alone.csv')
    const graph = { server: proxy.url(twins.archived.url).replace(/\/$/, ''), token: null }
    const pace = { lookEveryMs: 1, patienceMs: 0 }
    const resume = idIn({ stderr, ...first })
    const asked = exportCalls({ format: 'csv', output: file('nobody.csv'), resume }, graph, pace)
    proxy.cut()
    await proxy.refuse()
    await expect(asked).rejects.toThrow(CommandFailed)
    await proxy.accept()
  })
})

/** The first question is asked once: a network that loses it is told of. */
async function untilBegun(work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof CommandFailed) || !/No server answers/.test(error.message)) throw error
    }
  }
}

// Only a shell gives a command a file as its standard output.
;(isBuilt ? describe : describe.skip)('dialgraph export > file', () => {
  const here = promisify(execFile)
  async function shell(line: string): Promise<string> {
    const { stderr } = await here(
      'sh',
      ['-c', `"${process.execPath}" "${MAIN}" export --server ${twins.archived.url} ${line}`],
      {
        cwd: directory,
      },
    )
    return stderr
  }

  test('writes standard output, and with --resume and >> the rest of it', async () => {
    const stderr = await shell('--from 2000-01-01 --format csv > shell.csv')
    const whole = readFileSync(file('shell.csv'))
    expect(whole.equals((await graphQl()).file)).toBe(true)
    truncateSync(file('shell.csv'), 1_000)
    await shell(`--resume ${idIn({ stderr, code: 0, stdout: '' })} >> shell.csv`)
    expect(readFileSync(file('shell.csv')).equals(whole)).toBe(true)
  }, 60_000)
})
