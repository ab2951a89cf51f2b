import { constants, accessSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { describe, expect, test } from '@jest/globals'

const FOLDER = new URL('../findings/', import.meta.url)
const LABELS = ['Package', 'Node', 'Expected', 'Happens', 'Output seen', 'Why it matters']
const scripts = readdirSync(FOLDER).filter((name) => name !== 'README.md')

interface Finding {
  readonly head: string
  readonly commands: string
}

/** A script's comments up to its first command, and what comes after them. */
function read(name: string): Finding {
  const lines = readFileSync(new URL(name, FOLDER), 'utf8').split('\n')
  const begin = lines.findIndex((line) => !line.startsWith('#'))
  return { head: lines.slice(0, begin).join('\n'), commands: lines.slice(begin).join('\n') }
}

test('every script of findings is in the table of its README, and there is no other', () => {
  const readme = readFileSync(new URL('README.md', FOLDER), 'utf8')
  expect([...readme.matchAll(/\]\((.+?\.sh)\)/g)].map(([, name]) => name)).toEqual([...scripts].sort())
  expect(scripts.length).toBeGreaterThan(0)
})

describe.each(scripts)('findings/%s', (name) => {
  const { head, commands } = read(name)

  test('can be executed', () => {
    expect(name).toMatch(/^[a-z0-9-]+\.sh$/)
    expect(head).toMatch(/^#!\/usr\/bin\/env bash\n# \S.*\.\n#\n/)
    expect(() => accessSync(fileURLToPath(new URL(name, FOLDER)), constants.X_OK)).not.toThrow()
  })

  test('says in its head, in order, what a reader needs to know', () => {
    expect([...head.matchAll(/^# ([A-Z][\w ]+):/gm)].map(([, label]) => label)).toEqual(LABELS)
    expect(head).toMatch(/^# Output seen:\n(#   .*\n)+# Why/m)
    expect(head.split('\n').filter((line) => line.length > 100 && !line.startsWith('#   '))).toEqual([])
  })

  test('works in a temporary folder, at exact versions that its head names', () => {
    expect(commands).toMatch(/^set -euo pipefail\n/)
    const [, before] = /^([\s\S]*?)npm init/.exec(commands) ?? []
    expect(before).toContain('folder=$(mktemp -d)\ntrap \'rm -rf "$folder"\' EXIT\ncd "$folder"\n')
    const [, installed = ''] = /^npm install --ignore-scripts (.+) >> npm\.log$/m.exec(commands) ?? []
    const packages = installed
      .split(' ')
      .map((one) => /^(?:[\w-]+@npm:)?((?:@[\w-]+\/)?[\w-]+)@(\d+\.\d+\.\d+(?:-[\w.]+)?)$/.exec(one))
    expect(packages).not.toContain(null)
    for (const found of packages) expect(head.replace(/\n# /g, ' ')).toContain(`${found![1]} ${found![2]}`)
    expect(commands.match(/npm install/g)).toHaveLength(1)
  })

  test('fails once the output is another than its head says', () => {
    expect(commands.trimEnd()).toMatch(/\nsed -n 's\/\^#   \/\/p' "\$self" \| diff - seen\.txt$/)
  })

  test('names no registry, no address and no folder of anybody', () => {
    expect(`${head}${commands}`).not.toMatch(/https?:|registry|npmjs|\/(home|root|Users|tmp|work)\//i)
  })
})
