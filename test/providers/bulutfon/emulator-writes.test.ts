import { describe, expect, test } from '@jest/globals'

import type { Fault } from '../../../src/emulator/emulator.js'
import { bulutfon, get, master, read, start, story, type Json } from './emulated.js'

const DID = '902320000041'
const colleague = story.extensions[1]!

const detail = async (id: number): Promise<Json> => (await read(`/extensions/${id}`))['extension'] as Json

/** By JSON, with a token in the query. */
const write = (method: string, path: string, body: object, token = master()) =>
  get(
    path,
    { access_token: token },
    { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  )

const changes: readonly (readonly [sent: Json, read: Json])[] = [
  [{ full_name: 'Gülşen Işık' }, { caller_name: 'Gülşen Işık' }],
  [{ email: 'gulsen@egeyelken.example' }, { email: 'gulsen@egeyelken.example' }],
  [{ did: DID }, { did: DID }],
  [{ voicemail: 'true' }, { voice_mail: true }],
  [{ voicemail: 'false' }, { voice_mail: false }],
  [{ acl: ['gsm'] }, { acl: ['gsm'] }],
  [{ acl: [] }, { acl: [] }],
  [
    { redirection_type: 'ALWAYS', destination_type: 'EXTENSION', destination_number: colleague.number },
    {
      ...{ redirection_type: 'ALWAYS', destination_type: 'EXTENSION' },
      ...{ destination_number: Number(colleague.number), external_number: null },
    },
  ],
  [
    { redirection_type: 'UNREACHABLE', destination_type: 'EXTERNAL', external_number: '905550005001' },
    {
      ...{ redirection_type: 'UNREACHABLE', destination_type: 'EXTERNAL' },
      ...{ destination_number: null, external_number: '905550005001' },
    },
  ],
]

describe('PUT /extensions/{id}', () => {
  test.each(changes)('%j changes that alone, as JSON and as a form', async (sent, expected) => {
    await start()
    const before = await detail(301)
    expect((await write('PUT', '/extensions/301', sent)).status).toBe(200)
    expect(await detail(301)).toEqual({ ...before, ...expected })
    bulutfon.reset()
    const form = new URLSearchParams({ access_token: master() })
    for (const [name, value] of Object.entries(sent)) {
      if (!Array.isArray(value)) form.append(name, String(value))
      else for (const item of value.length > 0 ? value : ['']) form.append(`${name}[]`, String(item))
    }
    const answer = await fetch(`${bulutfon.url}/extensions/301.json`, { method: 'PUT', body: form })
    expect(answer.status).toBe(200)
    expect(await detail(301)).toEqual({ ...before, ...expected })
  })

  test('keeps a destination that was deleted later, and looks for one that is sent', async () => {
    await start()
    const destination = { destination_type: 'EXTENSION', destination_number: colleague.number }
    await write('PUT', '/extensions/301', { redirection_type: 'ALWAYS', ...destination })
    await write('DELETE', `/extensions/${colleague.id}`, {})
    expect((await write('PUT', '/extensions/301', { full_name: 'Gülşen Işık' })).status).toBe(200)
    const refused = await write('PUT', '/extensions/301', destination)
    expect([refused.status, await refused.json()]).toEqual([422, { error: 'destination_number is not known' }])
    expect(await detail(301)).toMatchObject({ caller_name: 'Gülşen Işık', redirection_type: 'ALWAYS' })
  })

  test('of another company is not found', async () => {
    await start()
    const theirs = bulutfon.grant('other').accessToken
    expect((await write('PUT', '/extensions/999999', {}, theirs)).status).toBe(404)
    const before = await detail(301)
    await write('PUT', '/extensions/301', { full_name: 'Yabancı' }, theirs)
    expect(await detail(301)).toEqual(before)
  })
})

describe('POST /call_and_bridge', () => {
  const asked = { caller: DID, callee: '905550005001', destination: '1001' }

  test('takes everything from the query, too', async () => {
    await start()
    const answer = await get('/call_and_bridge', { access_token: master(), ...asked }, { method: 'POST' })
    expect([answer.status, await answer.json()]).toEqual([200, { success: true, message: expect.any(String) }])
    expect(bulutfon.live.calls).toMatchObject([{ told: { direction: 'out', outside: '+905550005001' } }])
    expect(bulutfon.journal.apiRequests).toMatchObject([{ method: 'POST', query: asked, body: '' }])
  })

  test.each([
    ['7', 'NO_ANSWER', null],
    ['8', 'NORMAL_CLEARING', expect.any(String)],
  ])('rings for %s seconds', async (timeout, cause, answered) => {
    await start()
    await write('POST', '/call_and_bridge', { ...asked, timeout })
    await bulutfon.live.advance(60_000)
    const [call] = (await read('/cdrs?limit=1'))['cdrs'] as Json[]
    expect(call).toMatchObject({ direction: 'OUT', hangup_cause: cause, answer_time: answered })
  })

  test('refuses a time that is none', async () => {
    await start()
    const answer = await write('POST', '/call_and_bridge', { ...asked, timeout: 'long' })
    expect([answer.status, await answer.json()]).toEqual([422, { error: 'timeout is not a number of seconds' }])
    expect(bulutfon.live.calls).toEqual([])
  })
})

describe('a writer must withstand', () => {
  test.each<[string, Fault, boolean]>([
    ['no answer, though it was done', { reset: 'afterProcessing' }, true],
    ['no answer, and it was not done', { reset: true }, false],
    ['a refusal', { status: 422, body: '{"error":"no"}' }, false],
    ['an error, though it was done', { status: 500, afterProcessing: true }, true],
    ['a page of a proxy, though it was done', { html: true }, true],
    ['half an answer', { truncate: true }, true],
  ])('%s', async (_, fault, isDone) => {
    await start()
    bulutfon.faults.next({ method: 'PUT', ...fault })
    await write('PUT', '/extensions/301', { full_name: 'Gülşen Işık' }).then(
      (answer) => answer.text().catch(() => null),
      () => null,
    )
    expect((await detail(301))['caller_name'] === 'Gülşen Işık').toBe(isDone)
  })

  test('another hand that changes the same extension while its request is held', async () => {
    await start()
    let release = (): void => undefined
    bulutfon.faults.next({ method: 'PUT', until: new Promise<void>((resolve) => (release = resolve)) })
    const held = write('PUT', '/extensions/301', { full_name: 'Gülşen Işık' })
    while (!bulutfon.journal.lines().includes('PUT /extensions/301'))
      await new Promise((resolve) => setImmediate(resolve))
    // Once with the same login, once with another token of the company.
    await write('PUT', '/extensions/301', { voicemail: 'true' })
    await write('PUT', '/extensions/301', { full_name: 'Deniz Kaya', acl: ['gsm'] }, bulutfon.grant().accessToken)
    release()
    expect((await held).status).toBe(200)
    expect(await detail(301)).toMatchObject({ caller_name: 'Gülşen Işık', voice_mail: true, acl: ['gsm'] })
  })
})
