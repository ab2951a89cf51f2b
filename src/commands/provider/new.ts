import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { providers } from '../../providers/index.js'
import { CommandFailed } from '../command-failed.js'

/** The provider that new ones begin as; `Acme Phones` stands for the name in every spelling. */
const TEMPLATE = new URL('template/', import.meta.url)

/**
 * `provider new`: writes a folder with a provider that passes for what it claims.
 * @throws CommandFailed where the name cannot be one, or is taken
 */
export function create(name: string, directory = process.cwd()): void {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40)
    throw new CommandFailed(
      `${name} cannot be the name of a provider: use small letters, digits and single hyphens, beginning with a letter.`,
    )
  const builtIn = providers.find(({ slug }) => slug === name)
  if (builtIn)
    throw new CommandFailed(
      `${name} is the slug of ${builtIn.name}, which this server has already: choose another name.`,
    )
  const folder = resolve(directory, name)
  if (existsSync(folder)) throw new CommandFailed(`${name} is there already: choose another name, or remove it.`)
  mkdirSync(folder)
  for (const file of readdirSync(TEMPLATE)) {
    const text = readFileSync(new URL(file, TEMPLATE), 'utf8')
    writeFileSync(join(folder, file), named(text, name))
  }
  console.log(
    [
      `${name} is a provider with an account and a list of extensions, and an emulator.`,
      `  npx dialgraph provider check ${name}    says what it keeps of the contract`,
      `  ${join(name, 'wire.js')}    is where to begin; ${join(name, 'README.md')} leads on`,
    ].join('\n'),
  )
}

/** A text of the template with another name in all its spellings. */
function named(text: string, slug: string): string {
  const words = slug.split('-').map((word) => word[0]!.toUpperCase() + word.slice(1))
  const pascal = words.join('')
  return text
    .replaceAll('acme-phones', slug)
    .replaceAll('Acme Phones', words.join(' '))
    .replaceAll('AcmePhones', pascal)
    .replaceAll('acmePhones', pascal[0]!.toLowerCase() + pascal.slice(1))
}
