import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { checkConfig } from '../../../src/server/config/config.js'
import { createHttpServer, type HttpServer } from '../../../src/server/http-server.js'
import { createLog } from '../../../src/server/observing/log.js'
import { openExplorer } from '../../../src/server/web/explorer.js'
import { plain, rawAnswer } from '../../support/raw-answer.js'

const SCRIPT = 'console.log("a script")\n'.repeat(100)

describe('a file of the explorer', () => {
  const directory = mkdtempSync(join(tmpdir(), 'dialgraph-explorer-'))
  let server: HttpServer
  let url: string
  beforeAll(async () => {
    mkdirSync(join(directory, 'explorer'))
    const write = (name: string, content: string | Buffer) => writeFileSync(join(directory, name), content)
    write('index.html', '<!doctype html>')
    write('explorer/editor-1a.js', SCRIPT)
    write('explorer/editor-1a.js.br', brotliCompressSync(SCRIPT))
    write('explorer/editor-1a.js.gz', gzipSync(SCRIPT))
    write('explorer/small-2b.css', 'a {}')
    const log = createLog({ write: () => {} })
    const config = checkConfig({ server: { port: 0 }, store: { url: 'memory:' } }, [], { environment: {} })
    server = createHttpServer({ config, log, assertReady: async () => {}, routes: [openExplorer(directory)!] })
    url = `${await server.listen()}/explorer`
  })
  afterAll(async () => {
    await server.drain()
    rmSync(directory, { recursive: true })
  })

  test.each([
    [undefined, undefined],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip, deflate', 'gzip'],
    ['br;q=0, *', 'gzip'],
    ['zstd', undefined],
    ['identity', undefined],
  ])('is sent as the build has compressed it, by what its browser accepts: %s', async (accept, encoding) => {
    const headers = accept === undefined ? {} : { 'accept-encoding': accept }
    const answer = await rawAnswer(`${url}/editor-1a.js`, { headers })
    expect([answer.status, answer.text]).toEqual([200, SCRIPT])
    expect(answer.headers['content-encoding']).toBe(encoding)
    expect(answer.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'content-length': String(answer.bytes.length),
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'Accept-Encoding',
      'x-content-type-options': 'nosniff',
    })
    const head = await rawAnswer(`${url}/editor-1a.js`, { method: 'HEAD', headers })
    expect([head.bytes.length, head.headers['content-length']]).toEqual([0, String(answer.bytes.length)])
    expect(head.headers['content-encoding']).toBe(encoding)
  })

  test('that was too small to be compressed is sent as it is', async () => {
    const answer = await rawAnswer(`${url}/small-2b.css`, { headers: { 'accept-encoding': 'br' } })
    expect([answer.text, answer.headers['content-encoding']]).toEqual(['a {}', undefined])
  })

  test.each(['editor-1a.js.br', 'editor-1a.js.gz', 'editor-1a', '..%2Findex.html'])(
    'has one address: there is nothing at %s',
    async (name) => {
      expect((await rawAnswer(`${url}/${name}`)).status).toBe(404)
    },
  )
})

const BUILT = fileURLToPath(new URL('../../../dist/explorer/explorer/', import.meta.url))
const isBuilt = existsSync(BUILT)

;(isBuilt ? test : test.skip)(
  `the build compresses every file${isBuilt ? '' : ' (skipped: `npm run build` was not run)'}`,
  () => {
    const names = readdirSync(BUILT)
    const files = names.filter((name) => !/\.(br|gz)$/.test(name))
    let [bytes, sent] = [0, 0]
    for (const name of files) {
      const content = readFileSync(join(BUILT, name))
      const compressed = (suffix: string) => readFileSync(join(BUILT, name + suffix))
      if (content.length >= 1024) {
        expect({ name, same: plain(compressed('.br'), 'br') === content.toString() }).toEqual({ name, same: true })
        expect({ name, same: plain(compressed('.gz'), 'gzip') === content.toString() }).toEqual({ name, same: true })
      }
      bytes += content.length
      sent += content.length >= 1024 ? compressed('.br').length : content.length
    }
    expect(files.length).toBeGreaterThan(10)
    expect(sent / bytes).toBeLessThan(0.3)
  },
)
