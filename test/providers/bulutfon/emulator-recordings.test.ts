import { createHash } from 'node:crypto'

import { describe, expect, test } from '@jest/globals'

import { checksum } from '../../../src/emulator/ogg.js'
import { now, bulutfon, start, get, firstToken } from './emulated.js'

describe('recordings', () => {
  const recorded = (uuid = '3c9e1a70-0000-4000-8000-00000000abcd', seconds = 12) =>
    bulutfon.addCall({
      uuid,
      startedAt: now,
      answeredAt: now,
      endedAt: now + seconds * 1000,
      outcome: 'answered',
      recording: 'yes',
    }).uuid
  const sha1 = (text: string) => createHash('sha1').update(text).digest('hex')

  test.each([
    ['abcde123123', '1234-1234-1234', '0abd013609331a5439f1865d20df1a8223bfd0fa'],
    ['tok_5f', '3c9e1a70-0000-4000-8000-00000000abcd', '727abfafa86fefa9b2b0bdc5ff1bd03cef3ce957'],
  ])('the hash of token %s and call %s opens that recording and nothing else', async (masterToken, uuid, hash) => {
    await start({ masterToken })
    recorded(uuid)
    recorded('another')
    expect((await get(`/call-records/${uuid}`, { access_token: hash })).status).toBe(200)
    expect((await get(`/call-records/${uuid}/stream`, { access_token: hash })).status).toBe(200)
    expect(bulutfon.journal.apiRequests.map(({ account }) => account)).toEqual(['company', 'company'])
    expect((await get('/call-records/another', { access_token: hash })).status).toBe(401)
    expect((await get(`/cdrs/${uuid}`, { access_token: hash })).status).toBe(401)
  })

  test('a hash of an OAuth token opens as long as the token does', async () => {
    await start()
    const uuid = recorded()
    const { access_token } = await firstToken()
    const hash = sha1(access_token + uuid)
    expect((await get(`/call-records/${uuid}`, { access_token: hash })).status).toBe(200)
    bulutfon.expireAccessTokens()
    expect((await get(`/call-records/${uuid}`, { access_token: hash })).status).toBe(401)
  })

  test('a download and a stream of the same real Ogg file', async () => {
    await start()
    const uuid = recorded()
    const download = await get(`/call-records/${uuid}`)
    expect(download.headers.get('content-type')).toBe('audio/ogg')
    expect(download.headers.get('content-disposition')).toBe(`attachment; filename="${uuid}.ogg"`)
    const bytes = Buffer.from(await download.arrayBuffer())
    expect(download.headers.get('content-length')).toBe(String(bytes.length))
    const stream = await get(`/call-records/${uuid}/stream`)
    expect(stream.headers.get('content-disposition')).toBe('inline')
    expect(Buffer.from(await stream.arrayBuffer()).equals(bytes)).toBe(true)
    expectOgg(bytes, 12)
    expect(bytes.includes(uuid)).toBe(true)
  })

  test('a call without a recording has none', async () => {
    await start()
    for (const recording of ['no', 'removed'] as const) {
      const { uuid } = bulutfon.addCall({ recording })
      expect((await get(`/call-records/${uuid}`)).status).toBe(404)
    }
    expect((await get('/call-records/unknown')).status).toBe(404)
    expect((await get(`/call-records/${recorded()}.json`)).status).toBe(404)
  })

  test.each([
    ['bytes=0-3', 0, 4],
    ['bytes=100-', 100, undefined],
    ['bytes=-10', -10, undefined],
    ['bytes=400-999999', 400, undefined],
  ])('%s is that part of it', async (range, from, to) => {
    await start()
    const uuid = recorded()
    const whole = Buffer.from(await (await get(`/call-records/${uuid}`)).arrayBuffer())
    const answer = await get(`/call-records/${uuid}`, undefined, { headers: { range } })
    const part = whole.subarray(from, to)
    expect(answer.status).toBe(206)
    expect(Buffer.from(await answer.arrayBuffer()).equals(part)).toBe(true)
    const first = from < 0 ? whole.length + from : from
    expect(answer.headers.get('content-range')).toBe(`bytes ${first}-${first + part.length - 1}/${whole.length}`)
  })

  test('a part past the end, and servers that know no parts', async () => {
    await start()
    const past = await get(`/call-records/${recorded()}`, undefined, { headers: { range: 'bytes=9999999-' } })
    expect(past.status).toBe(416)
    await bulutfon.close()
    await start({ ranges: false })
    const whole = await get(`/call-records/${recorded()}`, undefined, { headers: { range: 'bytes=0-3' } })
    expect([whole.status, whole.headers.get('accept-ranges')]).toEqual([200, null])
    expect((await whole.arrayBuffer()).byteLength).toBeGreaterThan(1000)
  })

  test('a big one comes in pieces and is as long as it says', async () => {
    await start({ recordingBytes: 3_000_000 })
    const answer = await get(`/call-records/${recorded()}`)
    const bytes = Buffer.from(await answer.arrayBuffer())
    expect(bytes.length).toBeGreaterThanOrEqual(3_000_000)
    expect(answer.headers.get('content-length')).toBe(String(bytes.length))
    const middle = await get(`/call-records/${recorded()}`, undefined, { headers: { range: 'bytes=1500000-1500099' } })
    expect(Buffer.from(await middle.arrayBuffer()).equals(bytes.subarray(1_500_000, 1_500_100))).toBe(true)
  })

  test('a stream cut short by a fault ends in an error, not in a shorter file', async () => {
    await start({ recordingBytes: 500_000 })
    const uuid = recorded()
    bulutfon.faults.next({ path: /^\/call-records/, truncate: true })
    const answer = await get(`/call-records/${uuid}`)
    expect(answer.status).toBe(200)
    await expect(answer.arrayBuffer()).rejects.toThrow()
    expect((await (await get(`/call-records/${uuid}`)).arrayBuffer()).byteLength).toBeGreaterThanOrEqual(500_000)
  })

  /** Pages follow each other, their checksums hold, the last one ends the stream at the right second. */
  function expectOgg(bytes: Buffer, seconds: number): void {
    let [offset, sequence, flags, granule] = [0, 0, 0, 0n]
    for (; offset < bytes.length; sequence += 1) {
      expect(bytes.toString('latin1', offset, offset + 4)).toBe('OggS')
      const segments = bytes.subarray(offset + 27, offset + 27 + bytes.readUInt8(offset + 26))
      const length = 27 + segments.length + segments.reduce((sum, size) => sum + size, 0)
      const page = Buffer.from(bytes.subarray(offset, offset + length))
      const stored = page.readUInt32LE(22)
      page.writeUInt32LE(0, 22)
      expect(checksum(page)).toBe(stored)
      expect(page.readUInt32LE(18)).toBe(sequence)
      if (sequence === 0) expect(page.includes('OpusHead')).toBe(true)
      flags = page.readUInt8(5)
      granule = page.readBigUInt64LE(6)
      offset += length
    }
    expect([offset, flags, granule]).toEqual([bytes.length, 4, BigInt(seconds * 48_000)])
  }
})
