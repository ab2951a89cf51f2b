import { describe, expect, test } from '@jest/globals'

import { createStory } from '../../../src/emulator/create-story.js'
import type { Fault } from '../../../src/emulator/emulator.js'
import { exchange, login, NOW, read, withAccess, withEmulator, write } from './emulated.js'

const office = createStory({ now: NOW, scale: 0.05 }).offices.prague
const withPerson = office.extensions.filter(({ person }) => person)
const plain = withPerson.find(({ forwarding }) => forwarding === null)!
const forwarded = withPerson.find(({ forwarding }) => forwarding?.when === 'UNREACHABLE')!
const line = plain.number
const MOBILE = '+420600005077'

describe('PUT /profiles/{id}', () => {
  test('changes what the body names, keeps everything else, and answers with a JSON string', () =>
    withAccess(async ({ write, profiles }) => {
      const before = await profiles(line)
      const { id, params } = before[0] as { id: number; params: object }
      const changed = await write('PUT', `/profiles/${id}`, { fwd: 'another', fwdNum: MOBILE })
      expect(changed).toMatchObject({ status: 200, body: 'Profile updated' })
      expect(changed.headers.get('content-type')).toMatch(/json/)
      const after = { ...before[0], params: { ...params, fwd: 'another', fwdNum: MOBILE, hasForward: true } }
      expect(await profiles(line)).toEqual([after, before[1]])
      await write('PUT', `/profiles/${id}`, { fwd: 'none' })
      expect(await profiles(line)).toEqual([
        { ...after, params: { ...after.params, fwd: 'none', hasForward: false } },
        before[1],
      ])
      await write('PUT', `/profiles/${id}`, {})
      expect((await profiles(line))[0]).toMatchObject({ params: { fwd: 'none', fwdNum: MOBILE } })
    }))

  test('takes the mobile of the user where it says so', () =>
    withAccess(async ({ write, profiles }) => {
      const [{ id } = { id: 0 }] = await profiles(line)
      expect((await write('PUT', `/profiles/${String(id)}`, { fwd: 'mymobile' })).status).toBe(200)
      const [{ params } = { params: null }] = await profiles(line)
      expect(params).toMatchObject({
        fwd: 'mymobile',
        fwdNum: expect.stringContaining(plain.person!.mobile.slice(-9)),
      })
    }))

  test('makes one active, and the others of the user inactive', () =>
    withAccess(async ({ write, profiles }) => {
      const active = async (of: string) => (await profiles(of)).map((profile) => profile['active'])
      const [desk, away] = await profiles(line)
      const others = await active(forwarded.number)
      expect(await active(line)).toEqual([true, false])
      await write('PUT', `/profiles/${String(away!['id'])}`, { active: true })
      expect(await active(line)).toEqual([false, true])
      await write('PUT', `/profiles/${String(desk!['id'])}`, { active: true })
      expect(await active(line)).toEqual([true, false])
      await write('PUT', `/profiles/${String(desk!['id'])}`, { active: false })
      expect(await active(line)).toEqual([false, false])
      expect(await active(forwarded.number)).toEqual(others)
    }))

  test('gives a phone back to a profile that rings none', () =>
    withAccess(async ({ write, profiles }) => {
      const always = office.extensions.find(({ forwarding }) => forwarding?.when === 'ALWAYS')!
      const [, away] = await profiles(always.number)
      expect(away).toMatchObject({ params: { hasDevice: false, endpointId: null } })
      await write('PUT', `/profiles/${String(away!['id'])}`, { endpointId: always.id })
      expect((await profiles(always.number))[1]).toMatchObject({ params: { hasDevice: true, endpointId: always.id } })
    }))

  test.each<[string, object, key: string, complaint: string]>([
    ['an unknown key', { forward: MOBILE }, 'forward', 'is not allowed'],
    ['an unknown kind', { fwd: 'always' }, 'fwd', 'must be one of [none, mymobile, another]'],
    ['null as a kind', { fwd: null }, 'fwd', 'must be one of [none, mymobile, another]'],
    ['a kind that needs a number', { fwd: 'another' }, 'fwdNum', 'is required'],
    ['a number that is none', { fwdNum: 'Praha' }, 'fwdNum', 'must be a phone number'],
    ['a number as a number', { fwdNum: 600005001 }, 'fwdNum', 'must be a string'],
    ['active as text', { active: 'true' }, 'active', 'must be a boolean'],
    ["somebody else's phone", { endpointId: forwarded.id }, 'endpointId', 'is not known'],
  ])('refuses %s, and changes nothing', (_, body, key, complaint) =>
    withAccess(async ({ write, profiles }) => {
      const before = await profiles(line)
      expect(await write('PUT', `/profiles/${String(before[0]!['id'])}`, { active: false, ...body })).toMatchObject({
        status: 400,
        body: {
          ...{ statusCode: 400, error: 'Bad Request', message: `child "${key}" fails because ["${key}" ${complaint}]` },
          validation: { source: 'payload', keys: [key] },
        },
      })
      expect(await profiles(line)).toEqual(before)
    }),
  )

  test('does not know the profiles of another company, nor what is none, nor a form', () =>
    withAccess(async ({ emulator, write: ours, profiles }) => {
      const [{ id } = { id: 0 }] = await profiles(line)
      const theirs = await login(emulator, 'other')
      // The two companies number alike: the other one's own profile is what changes.
      const before = await profiles(line)
      await write(emulator, theirs, 'PUT', `/profiles/${String(id)}`, { active: false })
      expect(await profiles(line)).toEqual(before)
      for (const unknown of ['99', 'x', '']) {
        const { status, body } = await ours('PUT', `/profiles/${unknown}`, { active: true })
        expect([status, body.statusCode, body.error]).toEqual([404, 404, 'Not Found'])
      }
      const form = { method: 'PUT', body: new URLSearchParams({ active: 'true' }) }
      const token = await login(emulator)
      const sent = await fetch(`${emulator.url}/ipbxapi/profiles/${String(id)}`, {
        ...form,
        headers: { authorization: `Bearer ${token}` },
      })
      expect(sent.status).toBe(415)
    }))
})

const WRITES = [
  ['POST', '/calls'],
  ['DELETE', '/calls?userId=x'],
  ['PUT', '/calls/transfer'],
  ['PUT', '/profiles/50011'],
] as const

describe('every write', () => {
  test.each(WRITES)('%s %s: 401 without a live token, 403 without impersonation, in the journal', (method, path) =>
    withEmulator({}, async (emulator) => {
      const plainAccess = await login(emulator, 'noImpersonation')
      emulator.journal.clear()
      const body = { a: 1 }
      expect((await write(emulator, 'not-a-token', method, path, body)).status).toBe(401)
      expect(await write(emulator, plainAccess, method, path, body)).toMatchObject({
        status: 403,
        body: { statusCode: 403, error: 'Forbidden' },
      })
      const [noted, refused] = emulator.journal.apiRequests
      const query = Object.fromEntries(new URLSearchParams(path.split('?')[1]))
      expect(noted).toMatchObject({ method, query, body: JSON.stringify(body), status: 401, account: null })
      expect(noted!.path).toBe(`/ipbxapi${path.split('?')[0]}`)
      expect(refused).toMatchObject({ status: 403, account: 'vypis@egeyelken.example' })
    }),
  )

  test('is open to a token that acts as a user', () =>
    withAccess(async ({ emulator, profiles }) => {
      const token = (await exchange(emulator, await login(emulator), plain.person!.email)).body.access_token as string
      const [{ id } = { id: 0 }] = await profiles(line)
      expect((await write(emulator, token, 'PUT', `/profiles/${String(id)}`, { active: false })).status).toBe(200)
      expect((await write(emulator, token, 'POST', '/calls', { to: MOBILE })).status).toBe(200)
      expect(emulator.live.calls).toHaveLength(1)
    }))

  test('is forgotten by a reset', () =>
    withAccess(async ({ emulator, write: ours, profiles, userId }) => {
      const before = await profiles(line)
      await ours('PUT', `/profiles/${String(before[0]!['id'])}`, { fwd: 'another', fwdNum: MOBILE })
      await ours('POST', '/calls', { to: MOBILE, fromUser: { identityType: 'line', identityValue: line } })
      const owner = await userId(line)
      emulator.reset()
      expect(emulator.live.calls).toEqual([])
      const { body } = await read(emulator, `/profiles?userId=${owner}`, await login(emulator))
      expect(body).toEqual(before)
    }))
})

describe('a writer must withstand', () => {
  test.each<[string, Fault, boolean]>([
    ['no answer, though it was done', { reset: 'afterProcessing' }, true],
    ['no answer, and it was not done', { reset: true }, false],
    ['an end to its patience, though it was done', { hang: true, afterProcessing: true }, true],
    ['a refusal', { status: 400, body: '{}' }, false],
    ['an error, though it was done', { status: 500, body: '{}', afterProcessing: true }, true],
    ['a page of a proxy, though it was done', { status: 502, html: true, afterProcessing: true }, true],
    ['half an answer', { truncate: true }, true],
  ])('%s', (_, fault, isDone) =>
    withAccess(async ({ emulator, write: ours, profiles }) => {
      const [{ id } = { id: 0 }] = await profiles(line)
      emulator.faults.next({ method: 'PUT', ...fault })
      if (fault.hang) {
        // It was done as soon as the profile says so; the answer is not waited for.
        const waiting = new AbortController()
        const sent = expect(
          fetch(`${emulator.url}/ipbxapi/profiles/${String(id)}`, {
            method: 'PUT',
            headers: { authorization: `Bearer ${await login(emulator)}`, 'content-type': 'application/json' },
            body: JSON.stringify({ active: false }),
            signal: waiting.signal,
          }),
        ).rejects.toThrow()
        while ((await profiles(line))[0]!['active']) await new Promise((resolve) => setImmediate(resolve))
        waiting.abort()
        await sent
      } else {
        await ours('PUT', `/profiles/${String(id)}`, { active: false }).catch(() => null)
      }
      expect((await profiles(line))[0]!['active']).toBe(!isDone)
    }),
  )

  test('another hand that changes the same object while its request is held', () =>
    withAccess(async ({ emulator, write: ours, profiles }) => {
      const [{ id } = { id: 0 }] = await profiles(line)
      let release = (): void => undefined
      emulator.faults.next({ method: 'PUT', until: new Promise<void>((resolve) => (release = resolve)) })
      const held = ours('PUT', `/profiles/${String(id)}`, { active: false })
      while (!emulator.journal.lines().includes(`PUT /ipbxapi/profiles/${String(id)}`))
        await new Promise((resolve) => setImmediate(resolve))
      await ours('PUT', `/profiles/${String(id)}`, { fwd: 'another', fwdNum: MOBILE })
      expect((await profiles(line))[0]).toMatchObject({ active: true, params: { fwdNum: MOBILE } })
      release()
      expect((await held).status).toBe(200)
      expect((await profiles(line))[0]).toMatchObject({ active: false, params: { fwdNum: MOBILE } })
    }))

  test('another hand that ends the call while its request is held', () =>
    withAccess(async ({ emulator, write: ours }) => {
      const call = await emulator.live.call()
      let release = (): void => undefined
      emulator.faults.next({ method: 'DELETE', until: new Promise<void>((resolve) => (release = resolve)) })
      const held = ours('DELETE', `/calls?callId=${call.id}`)
      while (!emulator.journal.lines().includes('DELETE /ipbxapi/calls'))
        await new Promise((resolve) => setImmediate(resolve))
      expect((await ours('DELETE', `/calls?callId=${call.id}`)).status).toBe(200)
      release()
      expect((await held).status).toBe(404)
    }))
})
