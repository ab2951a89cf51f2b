import { describe, expect, test } from '@jest/globals'

import { story, bulutfon, start, master, get, read, type Json } from './emulated.js'

describe('me, dids, extensions, groups', () => {
  test('/me is three siblings without an id, the balance a text', async () => {
    await start()
    expect(await read('/me')).toEqual({
      user: { email: 'santral@egeyelken.example', name: 'Deniz Kaya', gsm: '905550000001' },
      pbx: {
        name: 'egeyelken',
        url: 'egeyelken.bulutfon.example',
        state: 'CONFIRMED',
        package: 'ENTERPRISE',
        customer_type: 'CORPORATE',
      },
      credit: { balance: '118.40', sms_credit: 12 },
    })
  })

  test('DIDs: number as text, destination in three keys, hours in the detail only', async () => {
    await start()
    const { dids } = await read('/dids')
    expect(dids).toHaveLength(story.dids.length)
    const keys = ['id', 'number', 'state', 'destination_type', 'destination_id', 'destination_number', 'working_hour']
    for (const did of dids) expect(Object.keys(did)).toEqual(keys)
    expect(dids[0]).toEqual({
      id: 41,
      number: '902320000041',
      state: 'CONFIRMED',
      destination_type: 'Auto attendant',
      destination_id: 1,
      destination_number: 11,
      working_hour: false,
    })
    expect(new Set(dids.map((did: Json) => did['destination_type']))).toEqual(
      new Set(['Auto attendant', 'Group', 'Extension', null]),
    )
    expect(dids[3]).toMatchObject({ destination_type: null, destination_id: null, destination_number: null })
    expect(new Set(dids.map((did: Json) => did['state'])).size).toBeGreaterThan(1)

    const { did } = await read('/dids/42')
    expect(did).toMatchObject({ id: 42, working_hour: true })
    expect(Object.keys(did['working_hours'])).toEqual([
      'monday',
      'tuesday',
      'wednesday',
      'thursday',
      'friday',
      'saturday',
      'sunday',
    ])
    expect(did['working_hours']['monday']).toEqual({
      open: true,
      shift_start: '09:00',
      lunch_break_start: '12:30',
      lunch_break_finish: '13:30',
      shift_finish: '18:00',
    })
    expect(did['working_hours']['sunday']).toEqual({ open: false, shift_start: '09:00', shift_finish: '18:00' })
    // Off: the key may be there as null, or not at all.
    expect((await read('/dids/41'))['did']).not.toHaveProperty('working_hours')
    await bulutfon.close()
    await start({ destinationNumber: 'string' })
    expect((await read('/dids'))['dids'][0]['destination_number']).toBe('11')
  })

  test('extensions: who, in the list; how they are set up, in the detail only', async () => {
    await start()
    const { extensions } = await read('/extensions')
    expect(extensions).toHaveLength(story.extensions.length)
    for (const extension of extensions)
      expect(Object.keys(extension).sort()).toEqual(['caller_name', 'email', 'id', 'number', 'registered'])
    expect(extensions[0]).toMatchObject({
      id: 301,
      number: 1001,
      registered: true,
      caller_name: expect.stringMatching(/ /),
    })

    const details = await Promise.all(
      extensions.map(async ({ id }: Json) => (await read(`/extensions/${id}`))['extension']),
    )
    for (const detail of details) {
      expect(Object.keys(detail).sort()).toEqual(
        [
          ...['acl', 'caller_name', 'destination_number', 'destination_type', 'did', 'email', 'external_number', 'id'],
          ...['number', 'redirection_type', 'registered', 'voice_mail'],
        ].sort(),
      )
      expect(detail['did'] === null || typeof detail['did'] === 'string').toBe(true)
      expect(Array.isArray(detail['acl'])).toBe(true)
    }
    const byType = (type: string) => details.filter((detail) => detail['redirection_type'] === type)
    expect(byType('NONE')[0]).toMatchObject({ destination_type: null, destination_number: null, external_number: null })
    expect(byType('ALWAYS')[0]).toMatchObject({
      destination_type: 'EXTERNAL',
      destination_number: null,
      external_number: expect.any(String),
    })
    expect(byType('UNREACHABLE')).toContainEqual(
      expect.objectContaining({
        destination_type: 'EXTENSION',
        destination_number: expect.any(Number),
        external_number: null,
      }),
    )
  })

  test('groups: delay and ring duration in the list only, members in the detail only', async () => {
    await start()
    const { groups } = await read('/groups')
    for (const group of groups) {
      expect(Object.keys(group)).toEqual(['id', 'number', 'name', 'timeout', 'delay_time', 'ring_duration'])
    }
    expect(groups[0]).toMatchObject({ id: 7, number: 101, name: 'Satış' })
    const { group } = await read('/groups/7')
    expect(Object.keys(group)).toEqual(['id', 'number', 'name', 'timeout', 'extensions'])
    const members = story.groups[0]?.members ?? []
    const numbers = members.map((id) => Number(story.extensions.find((extension) => extension.id === id)?.number))
    expect(group['extensions'].map(({ number }: Json) => number)).toEqual(numbers)
    for (const member of group['extensions'])
      expect(Object.keys(member)).toEqual(['id', 'number', 'caller_name', 'email'])
    // As in the documentation's samples, ids of members are not those of the extensions with these numbers.
    expect(group['extensions'].map(({ id }: Json) => id)).not.toEqual(members)
    await bulutfon.close()
    await start({ memberIds: 'extension' })
    expect((await read('/groups/7'))['group']['extensions'].map(({ id }: Json) => id)).toEqual(members)
  })
})

describe('extension writes', () => {
  const write = (method: string, path: string, body?: unknown) =>
    get(
      path,
      { access_token: master() },
      {
        method,
        ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      },
    )
  const wanted = {
    full_name: 'Gülşen Işık',
    email: 'gulsen@egeyelken.example',
    did: '902320000041',
    number: '1999',
    voicemail: 'true',
    redirection_type: 'ALWAYS',
    destination_type: 'GROUP',
    destination_number: '101',
    acl: ['domestic', 'gsm'],
  }

  test('create, read back, change in part, delete', async () => {
    await start()
    const created = await write('POST', '/extensions', wanted)
    expect(created.status).toBe(201)
    const { id } = ((await created.json()) as Json)['extension']
    const stored = {
      ...{ id, number: 1999, registered: false, caller_name: 'Gülşen Işık', email: 'gulsen@egeyelken.example' },
      ...{
        did: '902320000041',
        voice_mail: true,
        redirection_type: 'ALWAYS',
        destination_type: 'GROUP',
        destination_number: 101,
      },
      ...{ external_number: null, acl: ['domestic', 'gsm'] },
    }
    expect((await read(`/extensions/${id}`))['extension']).toEqual(stored)
    expect((await write('PUT', `/extensions/${id}`, { redirection_type: 'NONE' })).status).toBe(200)
    expect((await read(`/extensions/${id}`))['extension']).toEqual({
      ...stored,
      redirection_type: 'NONE',
      destination_type: null,
      destination_number: null,
    })
    expect((await write('DELETE', `/extensions/${id}`)).status).toBe(200)
    expect((await get(`/extensions/${id}`)).status).toBe(404)
    expect((await write('PUT', `/extensions/${id}`, {})).status).toBe(404)
    expect((await write('DELETE', `/extensions/${id}`)).status).toBe(404)
  })

  test('a form works too, with the token in its body and acl[] repeated', async () => {
    await start()
    const { acl, ...plain } = wanted
    const form = new URLSearchParams({ ...plain, access_token: master() })
    for (const right of acl) form.append('acl[]', right)
    const created = await fetch(`${bulutfon.url}/extensions`, { method: 'POST', body: form })
    expect([created.status, ((await created.json()) as Json)['extension']['acl']]).toEqual([201, acl])
  })

  test.each<[string, Json]>([
    ['full_name is required', { full_name: '' }],
    ['number is taken', { number: '1001' }],
    ['number must have four digits', { number: '12' }],
    ['did is not one of yours', { did: '902129999999' }],
    ['destination_number is required', { destination_number: null }],
    ['external_number is required', { destination_type: 'EXTERNAL' }],
    ['redirection_type is not known', { redirection_type: 'SOMETIMES' }],
    ['acl is not known', { acl: ['mars'] }],
    ['acl must be a list', { acl: 'domestic' }],
    ['voicemail must be true or false', { voicemail: 'on' }],
    ['destination_number is not known', { destination_number: '199' }],
    ['destination_number is not known', { destination_type: 'EXTENSION', destination_number: '101' }],
  ])('%s', async (error, wrong) => {
    await start()
    const before = await read('/extensions')
    const answer = await write('POST', '/extensions', { ...wanted, ...wrong })
    expect([answer.status, await answer.json()]).toEqual([422, { error }])
    expect(await read('/extensions')).toEqual(before)
  })
})

describe('call and bridge', () => {
  const bridge = (body: Record<string, string>) =>
    fetch(`${bulutfon.url}/call_and_bridge`, {
      method: 'POST',
      body: new URLSearchParams({ access_token: master(), ...body }),
    })

  test.each([['11'], ['101'], ['1001']])(
    'joins a call to %s; the answer names no call, the log has it once it is over',
    async (destination) => {
      await start()
      const answer = await bridge({ caller: '902320000041', callee: '905550005001', destination })
      expect(await answer.json()).toEqual({ success: true, message: expect.any(String) })
      const placed = { direction: 'OUT', caller: 902320000041, callee: 905550005001 }
      expect((await read('/cdrs?limit=1'))['cdrs'][0]).not.toMatchObject(placed)
      await bulutfon.live.advance(60_000)
      expect((await read('/cdrs?limit=1'))['cdrs'][0]).toMatchObject(placed)
    },
  )

  test.each([
    [{ callee: '905550005001', destination: '101' }],
    [{ caller: '905550005001', callee: '905550005001', destination: '101' }],
    [{ caller: '902320000041', callee: '905550005001', destination: '99999' }],
    [{ caller: '902320000041', callee: '905550005001', destination: '198' }],
  ])('refuses %j', async (body) => {
    await start()
    expect((await bridge(body as Record<string, string>)).status).toBe(422)
    expect(bulutfon.journal.entries).toHaveLength(1)
  })
})
