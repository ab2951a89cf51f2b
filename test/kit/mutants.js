// @ts-check

/**
 * Sixty defects that a provider may well have, each seeded into Parley: the file, the text as it is, and as it is with the defect.
 *
 * @type {readonly (readonly [what: string, file: string, text: string, defect: string])[]}
 */
export const MUTANTS = [
  // Lists and their pages.
  ['only the first page of a list is read', 'source.js', 'page = next\n', 'page = null\n'],
  [
    'the last page of a list is left out',
    'source.js',
    'yield { items, totalCount:',
    'if (wire["next"] === null && page > 1) return\n    yield { items, totalCount:',
  ],
  ['what moves to a later page comes twice', 'source.js', 'read.items.filter(({ id }) => !seen.has(id))', 'read.items'],
  ['pages are counted from 2', 'source.js', 'let page = 1', 'let page = 2'],
  [
    'the first record of each page is dropped',
    'source.js',
    "const records = list(wire?.['items'])",
    "const records = list(wire?.['items'])?.slice(page > 1 ? 1 : 0) ?? null",
  ],
  ['the total is that of one page', 'source.js', "count(wire['total'])", 'items.length'],
  [
    'a failing page ends the list as if it were whole',
    'source.js',
    "const { body, receivedAt } = await rest.get(url, { page }, fresh(noun === 'Did' ? 'dids' : 'extensions'))",
    'const reply = await Promise.resolve(rest.get(url, { page }, fresh(noun))).catch(() => null)\n    if (!reply) return\n    const { body, receivedAt } = reply',
  ],
  [
    'an answer that is no list is an empty list',
    'source.js',
    "if (!wire || !records) throw badResponse(`GET ${new URL(url).pathname} answered no list`, 'WRONG_SHAPE')",
    'if (!wire || !records) return',
  ],
  [
    'a record that cannot be read ends the list',
    'source.js',
    'RULES[noun], records, (record) => toItem(account, record, receivedAt))',
    "RULES[noun], records, (record) => { const item = toItem(account, record, receivedAt); if (!item) throw badResponse('a record', 'WRONG_SHAPE'); return item })",
  ],
  [
    'records that cannot be read are left out in silence',
    'source.js',
    'unreadable: read.unreadable }',
    'unreadable: 0 }',
  ],
  [
    'a list is in another order each time',
    'source.js',
    'for (const { id } of items) seen.add(id)',
    'for (const { id } of items) seen.add(id)\n    if (Date.now() % 2 === (rest.flip = !rest.flip) * 1 || true) items.sort(() => Math.random() - 0.5)',
  ],
  [
    'ids become numbers',
    'map.js',
    "const [id, number] = [text(wire?.['id']), text(wire?.['number'])]\n  if (!wire || id === null || number === null) return null",
    "const [id, number] = [text(Number(wire?.['id'])), text(wire?.['number'])]\n  if (!wire || id === null || number === null) return null",
  ],
  [
    'an extension loses its leading zeros',
    'map.js',
    "    number,\n    displayName: text(wire['person'])",
    "    number: String(Number(number)),\n    displayName: text(wire['person'])",
  ],
  [
    'objects have the id of another type',
    'map.js',
    "...resource('Did', account, id, record, fetchedAt)",
    "...resource('Did', account, id, record, fetchedAt),\n    id: globalId('Extension', account.key, id)",
  ],
  [
    'objects have the id of another account',
    'map.js',
    'id: globalId(type, account.key, id),',
    "id: globalId(type, 'main', id),",
  ],
  [
    'numbers are shown as they are written',
    'map.js',
    'number: toE164(rawNumber, account.country),\n    rawNumber,\n    status',
    'number: rawNumber.replace("+", "00"),\n    rawNumber,\n    status',
  ],
  ['a status is a word of the provider', 'map.js', "DID_STATES[state ?? ''] ?? DidStatus.UNKNOWN", 'state'],
  [
    'an empty name is an empty text',
    'map.js',
    "displayName: text(wire['person'])",
    "displayName: text(wire['person']) ?? ''",
  ],
  ['the detail of a phone forgets its voicemail', 'map.js', "voicemail: flag(wire?.['voicemail']),", ''],
  [
    'a detail takes two requests',
    'source.js',
    'return toSettings(account, body)',
    'await rest.get(`${url}`, { again: 1 })\n      return toSettings(account, body)',
  ],
  [
    'the groups are read page by page for ever',
    'source.js',
    "await rest.get(`${api}/v1/teams`, {}, fresh('groups'))",
    '(await rest.get(`${api}/v1/teams`, { a: 1 }), await rest.get(`${api}/v1/teams`, { a: 2 }), await rest.get(`${api}/v1/teams`, { a: 3 }), await rest.get(`${api}/v1/teams`, { a: 4 }))',
  ],
  ['the names of groups are those of their numbers', 'map.js', "name: text(wire['title'])", 'name: number'],

  // The call log.
  [
    'times of calls are read in UTC',
    'map.js',
    "const startedAt = toInstant(text(wire?.['began']), account.timeZone)",
    "const startedAt = toInstant(text(wire?.['began']), 'UTC')",
  ],
  [
    'ends of calls are read in UTC',
    'map.js',
    "endedAt: toInstant(text(wire['over']), account.timeZone)",
    "endedAt: toInstant(text(wire['over']), 'Asia/Tokyo')",
  ],
  [
    'impossible times are shown',
    'map.js',
    'answeredAt,\n    endedAt,\n    durationSeconds',
    'answeredAt: endedAt,\n    endedAt: answeredAt,\n    durationSeconds',
  ],
  ['only the first page of the log is read', 'calls.js', 'if (isLast) return', 'return'],
  [
    'the calls of the last moment of a page are lost',
    'calls.js',
    '[...held, ...items.filter(isAfter)]',
    '[...items.filter(isAfter)]',
  ],
  ['the oldest come first in both orders', 'calls.js', "sort: isNewestFirst ? 'newest' : 'oldest'", "sort: 'oldest'"],
  ['reading goes on with the call itself', 'calls.js', 'byPosition(call, after) < 0', 'byPosition(call, after) <= 0'],
  ['reading goes on a second too late', 'calls.js', '(isNewestFirst ? 1000 : 0)', '(isNewestFirst ? -1000 : 0)'],
  [
    'the end of the time that is asked for is left out of the request',
    'calls.js',
    'earliest(filter.until, bound)',
    'bound',
  ],
  [
    'the beginning of the time that is asked for is exclusive',
    'calls.js',
    'const from = isNewestFirst ? filter.from :',
    'const from = isNewestFirst ? filter.from && new Date(Date.parse(filter.from) + 1000).toISOString() :',
  ],
  [
    'incoming calls are asked for as outgoing ones',
    'calls.js',
    "INBOUND: 'in', OUTBOUND: 'out'",
    "INBOUND: 'out', OUTBOUND: 'in'",
  ],
  [
    'it says that dispositions are evaluated, and they are not',
    'calls.js',
    'pushdown: ({ from, until, directions }) => [',
    "pushdown: ({ from, until, directions }) => [\n    /** @type {const} */ ('dispositions'),",
  ],
  ['pages of the log begin again from the first', 'calls.js', 'before = String(last)', 'before = null'],
  ['calls come in pages of one', 'calls.js', 'Math.max(5, Math.min(100, expected))', '1'],
  [
    'an unknown call is an error',
    'calls.js',
    'await rest.find(`${api}/v1/calls/${segment}`',
    'await rest.get(`${api}/v1/calls/${segment}`',
  ],
  [
    'the id of a call may be a path',
    'calls.js',
    'if (segment === null || !/^\\d{1,20}$/.test(id)) return null',
    "if (id === '') return null",
  ],
  ['a recording has the name of another file', 'map.js', 'nativeName: tape,', 'nativeName: `${tape}0`,'],
  ['the range of a recording is not passed on', 'source.js', '{}, { range })', '{}, { range: range && "bytes=0-3" })'],
  [
    'the name of a recording may be a path',
    'source.js',
    'const name = pathSegment(nativeName)',
    'const name = nativeName',
  ],

  // Logins, errors and secrets.
  [
    'a token that has expired is no reason to log in',
    'index.js',
    'isExpired: ({ status }) => status === 401',
    'isExpired: () => false',
  ],
  [
    'every failure is taken for an expired token',
    'index.js',
    'isExpired: ({ status }) => status === 401',
    'isExpired: ({ status }) => status >= 400',
  ],
  ['the token of one account is kept for all', 'index.js', 'username: auth.username,', "username: 'jana',"],
  [
    'requests may go anywhere',
    'index.js',
    'origins: [new URL(api).origin]',
    "origins: [new URL(api).origin, 'https://example.com']",
  ],
  [
    'the payload shows the configured password',
    'index.js',
    'source: (rest) => parleySource(rest, api, account)',
    'source: (rest) => ({ ...parleySource(rest, api, account), profile: async () => ({ ...(await parleySource(rest, api, account).profile()), plan: auth.password }) })',
  ],
  [
    'an error shows what the provider sent',
    'source.js',
    "throw badResponse(`GET ${new URL(url).pathname} answered no list`, 'WRONG_SHAPE')",
    "throw badResponse(`GET answered ${JSON.stringify(body)}`, 'WRONG_SHAPE')",
  ],
  [
    'a setting has no description',
    'settings.js',
    "username: requiredText('Name of the user.')",
    'username: z.string().min(1)',
  ],
  [
    'unknown settings are taken',
    'settings.js',
    "auth: z\n    .discriminatedUnion('flow', [\n      z.strictObject({",
    "auth: z\n    .discriminatedUnion('flow', [\n      z.looseObject({",
  ],
  [
    'a flow is declared that it does not have',
    'index.js',
    "flows: ['OAUTH2_PASSWORD']",
    "flows: ['OAUTH2_PASSWORD', 'STATIC_TOKEN']",
  ],

  // Capabilities that lie.
  ['it claims numbers and has none', 'source.js', 'dids: { pages:', 'didsAgain: { pages:'],
  [
    'it says that e-mail addresses are not told, and tells them',
    'capabilities.js',
    "['Extension.callPermissions']",
    "['Extension.callPermissions', 'Extension.email']",
  ],
  [
    'it does not say that details cost requests',
    'capabilities.js',
    "eachObject: /** @type {const} */ (['Extension.callerIdDid', 'Extension.voicemailEnabled', 'Extension.forwarding'])",
    'eachObject: []',
  ],
  [
    'drift is not told of',
    'source.js',
    "reportRecordDrift(account, 'Page', RULES.Page, wire)\n    const read = readRecords(account, noun",
    'const read = readRecords({}, noun',
  ],

  // What happens now.
  ['the end of a call is its answer', 'live.js', "over: 'ENDED'", "over: 'ANSWERED'"],
  ['times of events are seconds', 'live.js', 'new Date(at).toISOString()', 'new Date(at * 1000).toISOString()'],
  [
    'an event without its call is nothing',
    'live.js',
    "if (callId === null) throw badResponse(`The event ${event} of Parley says nothing of its call`, 'NO_CALL')",
    'if (callId === null) return null',
  ],

  // Writes.
  [
    'a write is sent twice',
    'writes.js',
    "await rest.write('PATCH', url, { person: displayName, mail: email }, ['extensions', 'extension'])",
    "await rest.write('PATCH', url, { person: displayName, mail: email }, [])\n        await rest.write('PATCH', url, { person: displayName, mail: email }, ['extensions', 'extension'])",
  ],
  [
    'a write whose answer is lost is said to be done',
    'writes.js',
    "await rest.write('POST', `${api}/v1/phones`, { number, person: displayName, mail: email }, ['extensions'])",
    "await rest.write('POST', `${api}/v1/phones`, { number, person: displayName, mail: email }, ['extensions']).catch(() => null)",
  ],
  [
    'a write is asked for as if it were a read, and so again',
    'writes.js',
    "const { body } = await rest.write('POST', `${api}/v1/calls`, { phone, to: input.to }, [])",
    'const { body } = await rest.post(`${api}/v1/calls`, { phone, to: input.to })',
  ],
]
