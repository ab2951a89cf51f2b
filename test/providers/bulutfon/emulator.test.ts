import { describe, expect, test } from '@jest/globals'

import { startBulutfonEmulator } from '../../../src/providers/bulutfon/emulator/emulator.js'
import {
  now,
  SCALE,
  story,
  bulutfon,
  start,
  master,
  auth,
  get,
  read,
  refresh,
  firstToken,
  type Json,
} from './emulated.js'

describe('older dialects', () => {
  test('E2: Turkish recordings, prices and extensions as numbers, sms_credits, no missing_call', async () => {
    await start({ era: 'E2' })
    expect((await read('/me'))['credit']).toEqual({ balance: '118.40', sms_credits: 12 })
    const { cdrs } = await read('/cdrs')
    expect(new Set(cdrs.map((row: Json) => row['call_record']))).toEqual(
      new Set(['Var', 'Yok', ...words(cdrs, 'REMOVED')]),
    )
    for (const row of cdrs) {
      expect(row).not.toHaveProperty('missing_call')
      if (row['direction'] === 'OUT') expect(typeof row['extension']).toBe('number')
    }
    expect(cdrs.some((row: Json) => typeof row['call_price'] === 'number')).toBe(true)
  })
  const words = (cdrs: Json[], word: string) => (cdrs.some((row) => row['call_record'] === word) ? [word] : [])

  test('E1: destination as one text, no pages, short details, no scope', async () => {
    await start({ era: 'E1' })
    const { dids } = await read('/dids')
    expect(dids[1]).toEqual({
      id: 42,
      number: '902320000042',
      state: 'CONFIRMED',
      destination: '101 - Group',
      working_hour: true,
    })
    expect(dids[0]['destination']).toBe('11 - Auto attendant')
    const log = await read('/cdrs?page=2&limit=10')
    expect(Object.keys(log)).toEqual(['cdrs'])
    expect(log['cdrs']).toHaveLength(story.calls.length)
    expect(Object.keys((await read('/extensions/301'))['extension']).sort()).toEqual([
      'acl',
      'caller_name',
      'did',
      'email',
      'id',
      'number',
      'registered',
    ])
    expect(Object.keys((await read('/groups'))['groups'][0])).toEqual(['id', 'number', 'name', 'timeout'])
    expect(await firstToken()).not.toHaveProperty('scope')
    expect((await read('/me'))['credit']).toEqual({ balance: '118.40' })
  })
})

describe('the emulator itself', () => {
  test('an unknown knob stops the start', async () => {
    await start()
    await expect(startBulutfonEmulator({ now, scale: SCALE, knobs: { expiredStatuses: 1 } })).rejects.toThrow(
      /expiredStatuses/,
    )
  })

  test('same seed, same data; another seed, other calls', async () => {
    await start()
    const text = async () => (await get('/cdrs')).text()
    const first = (await text()).replaceAll(bulutfon.url, '')
    await bulutfon.close()
    await start()
    expect((await text()).replaceAll(bulutfon.url, '')).toBe(first)
    await bulutfon.close()
    await start({}, 2)
    expect((await text()).replaceAll(bulutfon.url, '')).not.toBe(first)
  })

  test('reset forgets tokens, journal, faults, clock and what was added, and keeps the logins of the configuration', async () => {
    await start()
    const before = await read('/cdrs?limit=1')
    const token = await firstToken()
    bulutfon.addCall()
    bulutfon.changePassword('new')
    bulutfon.clock.advance(1000)
    bulutfon.faults.next({ status: 500 })
    bulutfon.reset()
    expect(bulutfon.journal.entries).toEqual([])
    expect(bulutfon.clock.now()).toBe(now)
    expect((await get('/me', { access_token: token['access_token'] })).status).toBe(401)
    expect(await read('/cdrs?limit=1')).toEqual(before)
    expect((await refresh(auth()['refreshToken'] ?? '')).status).toBe(200)
    const { email, password } = bulutfon.accounts.password.auth
    expect((await get('/me', { email: String(email), password: String(password) })).status).toBe(200)
    expect((await get('/me', { access_token: bulutfon.grant('other').accessToken })).status).toBe(200)
  })

  test('it can list every secret it has handed out', async () => {
    await start()
    const token = await firstToken()
    const { clientSecret } = auth()
    expect(bulutfon.secrets()).toEqual(
      expect.arrayContaining([token['access_token'], token['refresh_token'], clientSecret, master()]),
    )
  })
})
