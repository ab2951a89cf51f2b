import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a server shows of itself, PEM. */
export interface Certificate {
  readonly key: string
  readonly cert: string
}

export interface Authority {
  /** PEM. */
  readonly cert: string
  /** Signs for a host; `days` may be -1: it ran out yesterday. */
  issue(host: string, days?: number): Certificate
}

/** Whether there is a program to make certificates with. */
export const canMakeCertificates = ((): boolean => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

/** An authority that nobody trusts, made anew with OpenSSL. */
export function makeAuthority(): Authority {
  const run = (directory: string, ...parameters: string[]) =>
    execFileSync('openssl', parameters, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const own = inDirectory((directory) => {
    run(directory, 'req', '-x509', ...key, '-keyout', 'key', '-out', 'cert', '-subj', '/CN=Authority of a test')
    return read(directory)
  })
  return {
    cert: own.cert,
    issue: (host, days = 2) =>
      inDirectory((directory) => {
        writeFileSync(join(directory, 'authority'), `${own.key}\n${own.cert}`)
        writeFileSync(join(directory, 'names'), `subjectAltName=${/^[\d.]+$/.test(host) ? 'IP' : 'DNS'}:${host}\n`)
        run(directory, 'req', ...key, '-keyout', 'key', '-out', 'request', '-subj', `/CN=${host}`)
        const signing = ['-CA', 'authority', '-CAkey', 'authority', '-CAcreateserial', '-days', String(days)]
        run(directory, 'x509', '-req', '-in', 'request', '-extfile', 'names', '-out', 'cert', ...signing)
        return read(directory)
      }),
  }
}

const read = (directory: string): Certificate => ({
  key: readFileSync(join(directory, 'key'), 'utf8'),
  cert: readFileSync(join(directory, 'cert'), 'utf8'),
})

function inDirectory<T>(work: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'dialgraph-certificates-'))
  try {
    return work(directory)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
