import { createHash } from 'node:crypto'

import { markedBytes } from '../../../emulator/marked-bytes.js'

/** An application made in the web interface, for one grant. */
export interface Application {
  readonly name: string
  readonly id: string
  secret: string
  readonly grant: 'client_credentials' | 'password'
}

/** The applications by the account that uses each. */
export type Applications = Readonly<Record<'machine' | 'native' | 'other', Application>>

/** A user of User Manager. */
export const USER = { username: 'ayse', password: 'Ankara-1923!' }

/** The same for the same seed, so that a configuration survives a restart. */
export function createApplications(seed: number): Applications {
  const digest = (text: string) => createHash('sha256').update(`freepbx ${text} ${seed}`).digest()
  const application = (name: string, grant: Application['grant']): Application => ({
    name,
    id: digest(`${name} id`).toString('hex'),
    secret: markedBytes(16, digest(`${name} secret`)).toString('hex'),
    grant,
  })
  return {
    machine: application('machine', 'client_credentials'),
    native: application('native', 'password'),
    other: application('other', 'client_credentials'),
  }
}
