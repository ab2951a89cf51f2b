/**
 * The tables were migrated by a later version of this server, whose columns this one does not know.
 */
export class LaterVersion extends Error {
  constructor(readonly migration: string) {
    super(`The store has been brought to a later version (${migration})`)
    this.name = 'LaterVersion'
  }
}
