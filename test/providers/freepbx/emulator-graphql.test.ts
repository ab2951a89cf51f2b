import { describe, expect, test } from '@jest/globals'

import { send, withEmulator } from './emulated.js'

const EXTENSIONS = '{ fetchAllExtensions { status message totalCount extension { id extensionId } } }'

describe('answers of GraphQL', () => {
  test('with an error are a 400 that has lost its data in 16, and a page of 200 with the rest in 17', async () => {
    const query = '{ fetchAllRingGroups { status message totalCount ringgroups { groupNumber strategy } } }'
    await withEmulator({ profile: '16' }, async (pbx) => {
      const { status, body } = await pbx.ask(await pbx.login(), query)
      expect({ status, body }).toEqual({
        status: 400,
        body: { errors: [{ message: expect.any(String), status: false }] },
      })
    })
    await withEmulator({ profile: '17' }, async (pbx) => {
      const { status, headers, body } = await pbx.ask(await pbx.login(), query)
      expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8'])
      expect(body.errors[0].path).toEqual(['fetchAllRingGroups', 'ringgroups', 1, 'strategy'])
      expect(body.data.fetchAllRingGroups.ringgroups[0].groupNumber).toBe(600)
    })
  })

  test('turn a status of false into a 400 for the first root field alone, and only where it was asked for', () =>
    withEmulator({ profile: '17' }, async (pbx) => {
      const token = await pbx.login()
      const absent = (fields: string) => `fetchExtension(extensionId: "999") { ${fields} }`
      const first = await pbx.ask(token, `{ ${absent('status message')} }`)
      expect([first.status, first.body]).toEqual([
        400,
        { errors: [{ message: 'Extension does not exists', status: false }] },
      ])
      expect((await pbx.ask(token, `{ ${absent('status')} }`)).body).toEqual({ errors: [{ status: false }] })
      expect((await pbx.ask(token, `{ ${absent('extensionId')} }`)).body).toEqual({
        data: { fetchExtension: { extensionId: null } },
      })
      const second = await pbx.ask(token, `{ allCoreUsers { coreUser { extension } } b: ${absent('status message')} }`)
      expect([second.status, second.body.data.b]).toEqual([
        200,
        { status: false, message: 'Extension does not exists' },
      ])
    }))

  test('to what is no request are a page in 16 and an exception in 17; batches are refused in a 200', async () => {
    await withEmulator({ profile: '16' }, async (pbx) => {
      const { status, text } = await pbx.post(await pbx.login(), 'nonsense')
      expect([status, text]).toEqual([500, expect.stringContaining('Slim Application Error')])
      expect((await send(`${pbx.url}/gql`)).status).toBe(405)
    })
    await withEmulator({ profile: '17' }, async (pbx) => {
      const token = await pbx.login()
      expect((await pbx.post(token, '"nonsense"')).body.error.type).toBe('GraphQL\\Server\\RequestError')
      expect((await send(`${pbx.url}/gql`)).status).toBe(500)
      const { status, text } = await pbx.post(token, '[{"query":"{ a }"}]')
      expect([status, text]).toEqual([200, expect.stringContaining('Batched queries are not supported')])
    })
  })

  test('have only what the scopes open: a field that is hidden does not exist', () =>
    withEmulator({}, async (pbx) => {
      const hidden = async (scope: string, query: string) => {
        const { body } = await pbx.ask(await pbx.login(scope), query)
        return (body.errors?.[0].message as string | undefined) ?? 'open'
      }
      expect(await hidden('gql:core:read', EXTENSIONS)).toBe('open')
      expect(await hidden('gql:core:read:extension', EXTENSIONS)).toMatch(
        /^Cannot query field "fetchAllExtensions" on type "Query"\./,
      )
      expect(await hidden('gql:core:write', EXTENSIONS)).toMatch(/^Cannot query field/)
      expect(await hidden('rest', EXTENSIONS)).toMatch(/^Cannot query field/)
      const routes = '{ allInboundRoutes { totalCount } }'
      expect(await hidden('gql:core:read:did', routes)).toBe('open')
      expect(await hidden('gql:core:read:did', EXTENSIONS)).toMatch(/^Cannot query field/)
      expect(await hidden('gql:core:read:did', '{ allInboundRoute { totalCount } }')).toMatch(
        /Did you mean "allInboundRoutes"/,
      )
    }))
})

describe('lists', () => {
  test('repeat the id of an extension, and have no edges and no page information', () =>
    withEmulator({ profile: '17' }, async (pbx) => {
      const token = await pbx.login()
      const { extension } = (await pbx.ask(token, EXTENSIONS)).body.data.fetchAllExtensions
      expect(new Set(extension.map(({ id }: { id: string }) => id))).toEqual(new Set(['ZXh0ZW5zaW9uOg==']))
      expect(extension.slice(0, 2).map((one: { extensionId: string }) => one.extensionId)).toEqual(['0101', '100'])
      const { body } = await pbx.ask(token, '{ fetchAllExtensions { edges { cursor } pageInfo { hasNextPage } } }')
      expect(body.data).toEqual({ fetchAllExtensions: null })
    }))

  test('eat the zero of a ring group’s number, and keep it in its id; one that is absent is the first', () =>
    withEmulator({}, async (pbx) => {
      const token = await pbx.login()
      const { body } = await pbx.ask(token, '{ fetchAllRingGroups { ringgroups { id groupNumber } } }')
      const last = body.data.fetchAllRingGroups.ringgroups.find(
        ({ groupNumber }: { groupNumber: number }) => groupNumber === 602,
      )
      expect(Buffer.from(last.id, 'base64').toString()).toBe('ringgroup:0602')
      const wrong = await pbx.ask(token, '{ fetchRingGroup(groupNumber: "999") { groupNumber } }')
      expect([wrong.status, wrong.body.data.fetchRingGroup.groupNumber]).toEqual([200, 600])
    }))

  test('show a destination by its label; null where it is gone; there is no single user', () =>
    withEmulator({}, async (pbx) => {
      const token = await pbx.login()
      const { body } = await pbx.ask(
        token,
        '{ allInboundRoutes { inboundRoutes { id extension destinationConnection } } }',
      )
      const routes = body.data.allInboundRoutes.inboundRoutes as { id: string; destinationConnection: string | null }[]
      expect(routes[0]).toMatchObject({ id: '/', extension: '', destinationConnection: 'Terminate Call:Hangup' })
      expect(routes.some(({ destinationConnection }) => /^Extensions: \S/.test(destinationConnection ?? ''))).toBe(true)
      expect(routes.filter(({ destinationConnection }) => destinationConnection === null)).toHaveLength(2)
      expect((await pbx.ask(token, '{ coreUser(id: "100") { name } }')).body.errors[0].message).toBe(
        'Internal server error',
      )
    }))
})

describe('calls', () => {
  const calls = (passed: string) =>
    `{ fetchAllCdrs${passed} { status message totalCount cdrs { uniqueid sequence linkedid calldate timestamp } } }`

  test('are five without a size, and the oldest: neither an order nor an offset does anything', () =>
    withEmulator({}, async (pbx) => {
      const token = await pbx.login()
      const read = async (passed: string) => (await pbx.ask(token, calls(passed))).body.data.fetchAllCdrs
      const { cdrs, totalCount } = await read('')
      expect(cdrs).toHaveLength(5)
      expect((await read('(orderby: date, after: 3)')).cdrs).toEqual(cdrs)
      expect(totalCount).toBe(pbx.emulator.tables.calls.length)
      const some = await read('(first: 1000, startDate: "2026-02-10", endDate: "2026-02-10")')
      expect(some.cdrs.length).toBeLessThan(totalCount)
      expect(some.totalCount).toBe(totalCount)
      expect(new Set(some.cdrs.map(({ calldate }: { calldate: string }) => calldate.slice(0, 10)))).toEqual(
        new Set(['2026-02-10']),
      )
    }))

  test('are sorted, and have an offset, where that was repaired', () =>
    withEmulator({ profile: '17fixed' }, async (pbx) => {
      const token = await pbx.login()
      const read = async (passed: string) =>
        (await pbx.ask(token, calls(passed))).body.data.fetchAllCdrs.cdrs as { timestamp: number }[]
      const rows = await read('(first: 50)')
      expect(rows.map(({ timestamp }) => timestamp)).toEqual(
        rows.map(({ timestamp }) => timestamp).sort((a, b) => b - a),
      )
      expect(await read('(first: 10, after: 10)')).toEqual(rows.slice(10, 20))
    }))

  test('need both days, as days, and are read by days of the switchboard', () =>
    withEmulator({}, async (pbx) => {
      const token = await pbx.login()
      const refused = async (passed: string) => (await pbx.ask(token, calls(passed))).status
      expect(await refused('(startDate: "2026-02-10")')).toBe(400)
      expect(await refused('(startDate: "2026-02-10 09:00", endDate: "2026-02-11")')).toBe(400)
      expect(await refused('(startDate: "2026-02-30", endDate: "2026-02-30")')).toBe(200)
    }))

  test('have rows of one channel that only the sequence tells apart, written when they end', () =>
    withEmulator(
      {},
      async (pbx) => {
        const { calls: rows } = pbx.emulator.tables
        expect(rows.length).toBeGreaterThan(new Set(rows.map(({ uniqueid }) => uniqueid)).size)
        expect(new Set(rows.map(({ uniqueid, sequence }) => `${uniqueid} ${sequence}`)).size).toBe(rows.length)
        expect(rows.map(({ end }) => end)).toEqual(rows.map(({ end }) => end).sort((a, b) => a - b))
        expect(rows.map(({ start }) => start)).not.toEqual(rows.map(({ start }) => start).sort((a, b) => a - b))
      },
      0.3,
    ))

  test('show the hour that the clock repeats as its second turn', () =>
    withEmulator({ timeZone: 'Europe/Prague' }, async (pbx) => {
      const [row] = pbx.emulator.tables.calls
      const start = Date.parse('2025-10-26T00:30:00Z')
      pbx.emulator.setCalls([{ ...row!, start, end: start + 9000 }])
      const { body } = await pbx.ask(await pbx.login(), calls('(first: 1)'))
      expect(body.data.fetchAllCdrs.cdrs[0]).toMatchObject({
        calldate: '2025-10-26 02:30:00',
        timestamp: start / 1000 + 3600,
      })
    }))
})

describe('REST', () => {
  test('needs the slash of its list, says false for nothing, and spells members in two ways', () =>
    withEmulator({}, async (pbx) => {
      const token = await pbx.login()
      expect((await pbx.rest(token, '/queues')).status).toBe(404)
      const queues = (await pbx.rest(token, '/queues/')).body
      const [number] = Object.keys(queues as object)
      expect(Object.keys((await pbx.rest(token, '/queues/members')).body[number!] as object)).toEqual([
        'members',
        'dynmembers',
      ])
      expect(Object.keys((await pbx.rest(token, `/queues/members/${number}`)).body as object)).toEqual([
        'dynmembers',
        'member',
      ])
      expect((await pbx.rest(token, '/queues/999')).body).toBe(false)
      expect((await pbx.rest(token, '/core/users/999')).body).toEqual([])
    }))

  test('answers a missing scope with 401 and no error, and in 17 not at all', async () => {
    await withEmulator({}, async (pbx) => {
      const { status, body } = await pbx.rest(await pbx.login('gql'), '/queues/')
      expect([status, body]).toEqual([401, { status: false, message: 'unauthorized' }])
    })
    await withEmulator({ profile: '17' }, async (pbx) => {
      expect((await pbx.rest('nobody', '/queues/')).body.error.type).toBe('TypeError')
    })
  })
})

describe('writes', () => {
  const mutate = (name: string) => `mutation M($input: ${name}Input!) { ${name}(input: $input) { status message } }`

  test('reset what an update does not say, and lose the extension where the new one cannot be made', async () => {
    await withEmulator({}, async (pbx) => {
      const token = await pbx.login()
      const before = { ...pbx.emulator.tables.users.get('100')! }
      await pbx.ask(token, mutate('updateExtension'), { input: { extensionId: '100', name: 'Yeni Ad' } })
      const after = pbx.emulator.tables.users.get('100')!
      expect(after).toMatchObject({ name: 'Yeni Ad', outboundCid: '', noanswerDestination: '' })
      expect(after.extPassword).not.toBe(before.extPassword)
    })
    await withEmulator({ driverFails: true }, async (pbx) => {
      const { status, body } = await pbx.ask(await pbx.login(), mutate('updateExtension'), {
        input: { extensionId: '100', name: 'A' },
      })
      expect([status, body.data.updateExtension]).toEqual([200, { status: null, message: null }])
      expect(pbx.emulator.tables.users.has('100')).toBe(false)
    })
  })

  test('refuse with 400, and take effect by a reload that answers before it is done', () =>
    withEmulator({}, async (pbx) => {
      const token = await pbx.login()
      const add = (extensionId: string) =>
        pbx.ask(token, mutate('addExtension'), { input: { extensionId, name: 'A', email: 'a@b.example' } })
      expect([(await add('abc')).status, (await add('100')).status, (await add('7777')).status]).toEqual([
        400, 400, 200,
      ])
      expect(pbx.emulator.needsReload()).toBe(true)
      const { body } = await pbx.ask(token, 'mutation { doreload(input: {}) { status transaction_id } }')
      const state = async () =>
        (await pbx.ask(token, `{ fetchApiStatus(txnId: "${body.data.doreload.transaction_id}") { message } }`)).body
          .data.fetchApiStatus.message as string
      expect([await state(), await state(), pbx.emulator.needsReload()]).toEqual(['Processing', 'Executed', false])
    }))

  test('of a route replace it whole, and need a destination that is there', () =>
    withEmulator({}, async (pbx) => {
      const token = await pbx.login()
      const write = (name: string, input: object, fields = 'status message') =>
        pbx.ask(token, `mutation M($input: ${name}Input!) { ${name}(input: $input) { ${fields} } }`, { input })
      const route = { extension: '903120000099', description: 'Yeni', destination: 'ext-group,600,1' }
      expect((await write('addInboundRoute', route)).status).toBe(200)
      expect((await write('addInboundRoute', route)).status).toBe(400)
      expect(
        (await write('addInboundRoute', { ...route, extension: '1', destination: 'ext-group,699,1' })).status,
      ).toBe(400)
      await write('updateInboundRoute', { extension: '903120000099', destination: 'ext-group,0602,1' })
      const stored = pbx.emulator.tables.routes.find(({ extension }) => extension === '903120000099')
      expect(stored).toMatchObject({ description: '', destination: 'ext-group,0602,1' })
      const renumbered = { ...route, extension: '903120000098', oldExtension: '903120000099', oldCidnum: '' }
      expect((await write('updateInboundRoute', renumbered)).status).toBe(400)
      const asked = await write('updateInboundRoute', renumbered, 'status inboundRoute { id }')
      expect(asked.body.errors[0].message).toBe('Internal server error')
      expect((await write('removeInboundRoute', { id: '903120000099' })).status).toBe(200)
      expect((await write('removeInboundRoute', { id: '903120000099' })).status).toBe(400)
      expect(pbx.emulator.needsReload()).toBe(false)
    }))

  test('of a ring group store a word as a prefix, and delete what never was', () =>
    withEmulator({}, async (pbx) => {
      const token = await pbx.login()
      const input = { groupNumber: '0699', strategy: 'ringall-prim', extensionList: '100-102' }
      await pbx.ask(token, 'mutation M($input: addRingGroupInput!) { addRingGroup(input: $input) { status } }', {
        input,
      })
      expect(pbx.emulator.tables.groups.at(-1)).toMatchObject({ number: '0699', prefix: 'ringall', seconds: 20 })
      const { body } = await pbx.ask(token, 'mutation { deleteRingGroup(input: { groupNumber: 699 }) { status } }')
      expect(body.data.deleteRingGroup.status).toBe(true)
      expect(pbx.emulator.tables.groups.some(({ number }) => number === '0699')).toBe(true)
    }))
})
