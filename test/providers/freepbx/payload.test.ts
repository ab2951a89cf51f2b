import { expect, test } from '@jest/globals'

import { payloadOf } from '../../../src/providers/freepbx/map/payload.js'

test('a secret that a later release adds to a record is not shown as raw, wherever it is in it', () => {
  const record = {
    ...{
      extension: '100',
      password: 'a',
      extPassword: 'b',
      vmPin: 'c',
      vm: { password: 'd' },
      secretKey: 'e',
      pwd: 'f',
    },
    nested: [{ name: 'Ayşe', user_secret: 'g' }],
  }
  expect(payloadOf(record)).toEqual({ extension: '100', nested: [{ name: 'Ayşe' }] })
})
