import { createHmac, randomBytes } from 'node:crypto'

import type { Keyring } from '../../keyring.js'
import type { SqlDialect } from '../dialect.js'
import { NUMBER_KEY, placeOf } from '../tables.js'
import type { NumberHash } from './rows.js'

/** Numbers are few enough to be guessed, all of them: a hash without a key would hide nothing. */
const KEY_BYTES = 32
/** 128 bits: no two numbers of a store meet. */
const HASH_CHARACTERS = 22
const PLACE = placeOf('settings', 'value', NUMBER_KEY)

export interface NumberHashes {
  /** Null: the store has no key yet, and so no number that is hashed. */
  existing(): Promise<NumberHash | null>
  /** Makes the store's key where there is none yet. */
  made(): Promise<NumberHash>
}

/** The hashes of one store: its key is random, sealed with the keyring, and the same for every process. */
export function numberHashes({ db }: SqlDialect, keys: Keyring): NumberHashes {
  let known: NumberHash | null = null

  async function existing(): Promise<NumberHash | null> {
    if (known) return known
    const row = await db.selectFrom('settings').select('value').where('name', '=', NUMBER_KEY).executeTakeFirst()
    known = row ? hashWith(Buffer.from(keys.open(row.value, PLACE), 'base64')) : null
    return known
  }

  return {
    existing,
    async made() {
      const found = await existing()
      if (found) return found
      // Of processes that do so together, the first is heard.
      await db
        .insertInto('settings')
        .values({ name: NUMBER_KEY, value: keys.seal(randomBytes(KEY_BYTES).toString('base64'), PLACE) })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .execute()
      return (await existing())!
    },
  }
}

const hashWith =
  (key: Buffer): NumberHash =>
  (account, number) =>
    createHmac('sha256', key)
      .update(`${account.length}:${account}${number}`)
      .digest('base64url')
      .slice(0, HASH_CHARACTERS)
