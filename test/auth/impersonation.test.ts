import { expect, test } from '@jest/globals'

import { GrantRefused, type Flow } from '../../src/auth/flow.js'
import { bearer } from '../../src/auth/flows/carry.js'
import { TokenManager } from '../../src/auth/token-manager.js'
import { systemClock } from '../../src/clock.js'
import { defaultHttpLimits } from '../../src/http/limits.js'
import { Secret } from '../../src/secret.js'
import { memoryStore } from '../../src/store/memory.js'

test('a refused token of the actor takes along the tokens exchanged from it', async () => {
  let issued = 0
  let refused = ''
  const next = (name: string) => ({ accessToken: new Secret(`${name}-${++issued}`), expiresIn: 300 })
  const common = { apply: bearer, isExpired: () => false }
  const actor: Flow = { ...common, kind: 'OAUTH2_PASSWORD', fingerprint: 'actor', acquire: async () => next('actor') }
  const actingFor = (subject: string): Flow => ({
    ...common,
    kind: 'TOKEN_EXCHANGE',
    fingerprint: subject,
    impersonation: { actor, subject },
    async acquire(_send, actorToken) {
      if (actorToken!.reveal() === refused) throw new GrantRefused('actor', 'the session has ended')
      return next(subject)
    },
  })
  const store = memoryStore()
  const send = () => Promise.reject(new Error('nothing is sent'))
  const manager = new TokenManager({ store, send, clock: systemClock, limits: defaultHttpLimits })
  const [ada, ben] = ['ada', 'ben'].map((subject) => manager.login('office', actingFor(subject)))
  const before = (await ada!.token()).accessToken.reveal()

  refused = 'actor-1'
  await ben!.token()
  for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(await store.read('office#as:ada')).toBeNull()
  expect((await ada!.token()).accessToken.reveal()).not.toBe(before)
})
