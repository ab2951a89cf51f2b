import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describe, expect, test } from '@jest/globals'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly overrides: Readonly<Record<string, string>>
  readonly allowScripts: Readonly<Record<string, boolean>>
  readonly scripts: Readonly<Record<string, string>>
}

interface Locked extends Partial<Manifest> {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly license?: string
  readonly link?: boolean
  readonly dev?: boolean
  readonly hasInstallScript?: boolean
  readonly engines?: { readonly node?: string }
}

const json = <T>(file: string): T => JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as T
const manifest = json<Manifest>('package.json')
const { '': root, ...locked } = json<{ packages: Record<string, Locked> }>('package-lock.json').packages
const packages = Object.entries(locked)
const EXACT = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/

const NODES = [
  [20, 19],
  [22, 13],
  [24, 0],
] as const

/** Whether a range of package.json's `engines` takes a version of Node; its upper bounds are not read: few have one. */
function accepts(range: string, [major, minor]: readonly [number, number]): boolean {
  return range.split('||').some((alternative) => {
    const [, form, ...numbers] = /^\s*(>=|\^)?\s*(\*|\d+)(?:\.(\d+))?/.exec(alternative) ?? []
    const [least = 0, leastMinor = 0] = numbers.map((number) => Number(number ?? 0) || 0)
    if (numbers[0] === '*' || (form === '>=' && major > least)) return true
    return major === least && minor >= leastMinor
  })
}

describe('the lock', () => {
  test('says of every package what it must hash to, and takes none from anywhere but a registry', () => {
    expect(packages.length).toBeGreaterThan(500)
    const wrong = packages.filter(
      ([, { version = '', integrity = '', resolved = 'https:', link }]) =>
        !EXACT.test(version) || !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity) || !/^https:/.test(resolved) || link,
    )
    expect(wrong).toEqual([])
  })

  test('belongs to the package file, where every version is exact', () => {
    const { dependencies, devDependencies } = manifest
    expect({ dependencies: root!.dependencies, devDependencies: root!.devDependencies }).toEqual({
      dependencies,
      devDependencies,
    })
    const versions = [dependencies, devDependencies, manifest.overrides].flatMap((named) => Object.entries(named))
    expect(versions.filter(([, version]) => !EXACT.test(version.replace(/^npm:[a-z-]+@/, '')))).toEqual([])
  })

  test('runs on few packages of our own choosing', () => {
    expect(Object.keys(manifest.dependencies).length).toBeLessThanOrEqual(28)
  })

  test('needs no install script: those there are only print, or look for what was installed already', () => {
    const scripted = packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([name]) => name)
    expect(scripted.sort()).toEqual([
      // Compares its own version with those of its dependents.
      'node_modules/@apollo/protobufjs',
      // Development alone: each has its prebuilt program as an optional dependency, and builds one where that is missing.
      'node_modules/@parcel/watcher',
      'node_modules/@swc/core',
      // Compares its own version with those of its dependents.
      'node_modules/protobufjs',
      'node_modules/unrs-resolver',
    ])
    expect(Object.keys(manifest.scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([])
    // Decided once for all, so that npm neither runs them nor asks.
    const decided = scripted.map((name) => [name.replace(/^.*node_modules\//, ''), false])
    expect(manifest.allowScripts).toEqual(Object.fromEntries(decided))
  })

  test('holds no package that asks for another Node than those the server runs on', () => {
    expect(['>=22', '^22.13.0 || >=24', '18 || >=20'].map((range) => accepts(range, [20, 19]))).toEqual([
      false,
      false,
      true,
    ])
    const foreign = packages.filter(([, { engines }]) => NODES.some((node) => !accepts(engines?.node ?? '*', node)))
    expect(foreign.map(([name, { engines }]) => `${name}: ${engines?.node}`)).toEqual([])
  })

  test('holds no licence that asks anything of who runs the server', () => {
    const PERMISSIVE = [
      'MIT',
      'ISC',
      '0BSD',
      'BSD-2-Clause',
      'BSD-3-Clause',
      'Apache-2.0',
      'BlueOak-1.0.0',
      'Unlicense',
      '(MIT AND BSD-3-Clause)',
    ]
    // Used while developing, and no part of what is shipped.
    const TOOLS = [
      ...PERMISSIVE,
      'MPL-2.0',
      'Python-2.0',
      'PSF-2.0',
      'CC-BY-4.0',
      'Apache-2.0 AND MIT',
      '(MIT AND Zlib)',
      '(MIT OR Apache-2.0)',
      '(MIT OR CC0-1.0)',
    ]
    const foreign = packages.filter(([, { license = 'none', dev }]) => !(dev ? TOOLS : PERMISSIVE).includes(license))
    // Tools, too: the composition and the gateway that test/federation runs. Their licence forbids to sell them as a service.
    const ELASTIC = ['composition', 'federation-internals', 'gateway', 'query-graphs', 'query-planner']
    expect(foreign.map(([name, { license, dev }]) => `${name}: ${license}${dev ? '' : ', shipped'}`)).toEqual(
      ELASTIC.map((name) => `node_modules/@apollo/${name}: Elastic-2.0`),
    )
  })
})

const files = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (['.git', 'node_modules', 'dist', 'coverage'].includes(entry.name)) return []
    return entry.isDirectory() ? files(path) : entry.isFile() ? [path] : []
  })

describe('the tree', () => {
  const tree = files('.')

  test('holds no key file and no store', () => {
    expect(tree.length).toBeGreaterThan(300)
    expect(
      tree.filter((file) =>
        /(^|\/)\.env|\.(pem|key|p12|pfx|keystore|db|sqlite)$|(^|\/)id_(rsa|ed25519)|\.npmrc$/.test(file),
      ),
    ).toEqual([])
  })

  /** As those who issue them make them: a provider of ours has no such form, so its secrets are looked for where they are used. */
  const ISSUED: Readonly<Record<string, RegExp>> = {
    'private key': /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/]/,
    'AWS key': /\bAKIA[0-9A-Z]{16}\b/,
    'GitHub token': /\bgh[pousr]_[A-Za-z0-9]{36}\b/,
    'npm token': /\bnpm_[A-Za-z0-9]{36}\b/,
    'Slack token': /\bxox[abprs]-[A-Za-z0-9-]{10,}/,
    'Google key': /\bAIza[0-9A-Za-z_-]{35}\b/,
    'Stripe key': /\b[sr]k_live_[0-9A-Za-z]{20,}/,
    'signed token': /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/,
  }

  test('holds nothing that looks like an issued secret', () => {
    const found = tree
      .filter((file) => statSync(join(ROOT, file)).size < 2_000_000)
      .flatMap((file) => {
        const text = readFileSync(join(ROOT, file), 'utf8')
        return Object.entries(ISSUED).flatMap(([what, form]) => (form.test(text) ? [`${file}: ${what}`] : []))
      })
    expect(found).toEqual([])
    expect(
      ISSUED['signed token']!.test(
        `a ${['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0In0', 'c2lnbmF0dXJlLXNpZ25hdHVyZQ'].join('.')}`,
      ),
    ).toBe(true)
  })
})
