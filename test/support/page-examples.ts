import { readFileSync } from 'node:fs'

type Names = Readonly<Record<string, unknown>>

export interface RunOptions {
  /** Files of the app that stand beside the example, by the path it imports them from. */
  readonly beside?: Names
  /** Where the server is that the example asks. */
  readonly url?: string
  /** What an app of another kind would have in its place. */
  readonly replaced?: readonly (readonly [what: RegExp, by: string])[]
}

/** The named examples of one page of docs/. */
export interface PageExamples {
  /** The text of an example. */
  example(name: string): string
  /** Runs an example as it stands on the page: what it imports is imported. Answers what it exports. */
  run<Exported>(name: string, options?: RunOptions): Promise<Exported>
}

export function pageExamples(file: string): PageExamples {
  const page = readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8')
  const example = (name: string): string => {
    const found = new RegExp(`\`\`\`\\w+ ${name.replaceAll('.', '\\.')}\\n([\\s\\S]*?)\`\`\``).exec(page)
    if (!found) throw new Error(`docs/${file} has no example ${name}`)
    return found[1]!
  }
  return {
    example,
    run(name, { beside = {}, url = EXAMPLE_URL, replaced = [] } = {}) {
      const code = example(name).replaceAll(EXAMPLE_URL, url)
      return runModule(
        name,
        replaced.reduce((text, [what, by]) => text.replace(what, by), code),
        beside,
      )
    },
  }
}

const EXAMPLE_URL = 'http://127.0.0.1:4000'

async function runModule<Exported>(name: string, code: string, beside: Names): Promise<Exported> {
  const scope: Record<string, unknown> = {}
  for (const [, all, named, from] of code.matchAll(IMPORT)) {
    const module = (from!.startsWith('.') ? beside[from!] : await import(from!)) as Names | undefined
    if (!module) throw new Error(`${name} imports ${from}, which the test does not have`)
    if (all !== undefined) scope[all] = from!.startsWith('.') ? module : module['default']
    for (const one of named?.split(',').map((text) => text.trim()) ?? []) {
      if (one === '') continue
      if (!(one in module)) throw new Error(`${from} has no ${one}`)
      scope[one] = module[one]
    }
  }
  const exported = [...code.matchAll(/^export (?:const|function|async function) (\w+)/gm)].map(([, one]) => one!)
  const body = code
    .replace(IMPORT, '')
    .replace(/^export default/gm, 'exported.default =')
    .replace(/^export /gm, '')
  const AsyncFunction = (async () => {}).constructor as new (
    ...names: string[]
  ) => (...values: unknown[]) => Promise<Exported>
  const main = new AsyncFunction(
    ...Object.keys(scope),
    `const exported = {}\n${body}\nreturn { ...exported, ${exported.join(', ')} }`,
  )
  return main(...Object.values(scope))
}

const IMPORT = /^import (?:(\w+) from |\{([^}]*)\} from )?'([^']+)'(?: with \{ type: 'json' \})?$/gm
