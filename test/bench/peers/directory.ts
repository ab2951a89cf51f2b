import { Pool } from 'undici'

import type { PeerTask } from '../contestants.js'
import type { WireCalls, WireDid, WireExtension, WireGroup, WireMe } from './wire.js'

export const task = JSON.parse(process.argv[2]!) as PeerTask
const pool = new Pool(task.stubUrl, { connections: 256 })

export const officeOf = (key: string | null) => task.offices.find((office) => office.key === key) ?? null

/** Reads of one account for one operation: whole lists, each read at most once. */
export class Directory {
  #dids?: Promise<readonly WireDid[]>
  #extensions?: Promise<ReadonlyMap<number, WireExtension>>
  #groups?: Promise<ReadonlyMap<number, WireGroup>>

  constructor(private readonly key: string) {}

  me = () => this.#read<WireMe>('me')

  dids = () => (this.#dids ??= this.#read<{ dids: WireDid[] }>('dids').then(({ dids }) => dids))

  did = (id: number) => this.#read<{ did: WireDid }>(`dids/${id}`).then(({ did }) => did)

  extensions = () =>
    (this.#extensions ??= this.#read<{ extensions: WireExtension[] }>('extensions').then(
      ({ extensions }) => new Map(extensions.map((extension) => [extension.id, extension])),
    ))

  groups = () =>
    (this.#groups ??= this.#read<{ groups: WireGroup[] }>('groups').then(
      ({ groups }) => new Map(groups.map((group) => [group.id, group])),
    ))

  calls = (limit: number) => this.#read<WireCalls>(`cdrs?limit=${limit}&page=1`)

  async #read<T>(path: string): Promise<T> {
    const { statusCode, body } = await pool.request({
      method: 'GET',
      path: `/${this.key}/${path}${path.includes('?') ? '&' : '?'}access_token=access-token-of-the-stub`,
      headers: { accept: 'application/json' },
    })
    if (statusCode !== 200) throw new Error(`the provider answered ${statusCode}`)
    return (await body.json()) as T
  }
}
