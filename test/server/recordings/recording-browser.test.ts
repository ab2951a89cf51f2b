import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { chromium, type Browser, type Page } from 'playwright-core'

import { startBulutfonEmulator, type BulutfonEmulator } from '../../../src/providers/bulutfon/emulator/emulator.js'
import { noProcess, startRecordingProcess, type RecordingProcess } from './recording-process.js'
import { executablePath } from '../../support/chromium.js'

const lacking = noProcess ?? (executablePath ? null : 'there is no Chromium on this machine')

const MEGABYTE = 1_000_000
const SIZE = 200 * MEGABYTE
const GROWTH = 20 * MEGABYTE

/** What the page tells of its player. */
interface Player {
  readonly duration: number
  readonly currentTime: number
  readonly error: string | null
}

const suite = lacking ? describe.skip : describe
suite(lacking ? `a player in a browser (skipped: ${lacking})` : 'the audio element of a browser', () => {
  let emulator: BulutfonEmulator
  let server: RecordingProcess
  let browser: Browser
  let page: Page
  let uuid: string

  beforeAll(async () => {
    emulator = await startBulutfonEmulator({ scale: 0.02, knobs: { recordingBytes: SIZE } })
    const at = Date.now() - 60_000
    uuid = emulator.addCall({ startedAt: at, answeredAt: at, endedAt: at + 9_000, recording: 'yes' }).uuid
    // A slow provider: every part of it lets the player wait for half a second.
    emulator.faults.next({ delayMs: 500, times: Infinity })
    server = await startRecordingProcess(emulator.accounts.masterToken)
    browser = await chromium.launch({
      executablePath: executablePath!,
      // No sandbox: tests may run as root, in a container. Sound goes nowhere and needs no click.
      args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', '--mute-audio'],
    })
    page = await browser.newPage()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    server?.close()
    await emulator?.close()
  })

  /** Runs in the page: plays on from a place until time passes there. */
  const playFrom = (part: number) =>
    page.evaluate<Player, number>(async (part) => {
      const player = document.querySelector('audio')!
      const happens = (name: string) =>
        new Promise((resolve, reject) => {
          player.addEventListener(name, resolve, { once: true })
          player.addEventListener('error', () => reject(new Error(player.error?.message)), { once: true })
        })
      if (player.readyState < 1) await happens('loadedmetadata')
      const sought = happens('seeked')
      player.currentTime = player.duration * part
      await sought
      const begun = player.currentTime
      await player.play()
      while (player.currentTime <= begun) await happens('timeupdate')
      player.pause()
      return { duration: player.duration, currentTime: player.currentTime, error: player.error?.message ?? null }
    }, part)

  test('plays 200 MB from a place near their end, and from others, by asking for parts', async () => {
    const before = server.memory()
    await page.setContent(`<audio preload="metadata" src="${await server.link(uuid)}"></audio>`)
    for (const part of [0.9, 0.25, 0.6]) {
      const { duration, currentTime, error } = await playFrom(part)
      expect(error).toBeNull()
      expect(duration).toBeGreaterThan(800_000)
      expect(currentTime).toBeGreaterThanOrEqual(duration * part)
    }
    const ranges = emulator.journal.apiRequests.map(({ headers }) => headers['range'] ?? '')
    const starts = ranges.map((range) => Number(/^bytes=(\d+)-/.exec(range)?.[1] ?? 0))
    for (const part of [0.9, 0.25, 0.6]) {
      const wanted = SIZE * part
      expect(starts.some((start) => start > 0 && Math.abs(start - wanted) < SIZE / 10)).toBe(true)
    }
    expect(server.memory() - before).toBeLessThan(GROWTH)
  }, 60_000)
})
