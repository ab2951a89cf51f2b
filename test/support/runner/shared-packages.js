import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { SourceTextModule, SyntheticModule } from 'node:vm'

const require = createRequire(import.meta.url)

/** What Jest's own runtime asks of its transformer; it stands in the name of each file of its cache. */
const AS_MODULE = {
  isInternalModule: false,
  collectCoverage: false,
  collectCoverageFrom: [],
  coverageProvider: 'babel',
  supportsDynamicImport: true,
  supportsExportNamespaceFrom: true,
  supportsStaticESM: true,
  supportsTopLevelAwait: true,
}

/** By address: packages, built-in modules and our files that are JavaScript, once for each worker. */
const packages = new Map()

/** By path: modules of `src`, evaluated once for each worker, and where the source map of each of our files is. */
const sources = new Map()
const sourceMaps = new Map()

/** One graph at a time: of two that share modules, each would find those half linked by the other. */
let linking = Promise.resolve()

const nameSpaced = (identifier, exported) => {
  const names = Object.keys(exported)
  const module = new SyntheticModule(names, () => names.forEach((name) => module.setExport(name, exported[name])), {
    identifier,
  })
  return module
}

/**
 * Jest's `runtime`, without a context of its own for each suite: Node loads a package once for each
 * worker, as in production, and it stays warm. So are the modules of `src`, which keep nothing that
 * a suite could see of another (test/module-state.test.ts). Modules of tests are evaluated anew for
 * each suite. Jest's own runtime loads everything anew for each, which takes more than a third of the
 * processor time of a suite with a server.
 * Mocks of modules, coverage and fake timers are left out: no test here uses them.
 */
export default class SharedPackages {
  #environment
  #transformer
  #globals
  #sourceFolder
  #modules = new Map()

  constructor({ rootDir }, environment, _resolver, transformer) {
    this.#sourceFolder = join(rootDir, 'src/')
    this.#environment = environment
    this.#transformer = transformer
  }

  unstable_shouldLoadAsEsm() {
    return true
  }

  async unstable_importModule(path) {
    try {
      return await this.#evaluate(await this.#ours(path))
    } catch (error) {
      // The lines of this file say nothing about what is wrong in the suite.
      if (error instanceof Error) error.stack = error.stack.replace(/\n +at .*shared-packages\.js:.*/g, '')
      throw error
    }
  }

  async #evaluate(module) {
    const linked = linking.then(async () => {
      if (module.status === 'unlinked') await module.link((specifier, from) => this.#find(specifier, from.identifier))
    })
    linking = linked.catch(() => {})
    await linked
    await module.evaluate()
    return module
  }

  /** The module by that name in the file `from`, not yet evaluated. */
  #find(specifier, from) {
    if (specifier === '@jest/globals') return this.#jest()
    if (!/^\.{0,2}\/|^file:/.test(specifier)) return this.#package(specifier, from)
    const url = new URL(specifier, pathToFileURL(from))
    const path = fileURLToPath(url)
    const ours = [path, path.replace(/\.js$/, '.ts'), path.replace(/\.js$/, '.tsx')]
    const typescript = ours.find((file) => /\.tsx?$/.test(file) && existsSync(file))
    return typescript ? this.#ours(typescript) : this.#package(url.href, from)
  }

  #ours(path) {
    const modules = path.startsWith(this.#sourceFolder) ? sources : this.#modules
    if (!modules.has(path)) modules.set(path, this.#compile(path))
    return modules.get(path)
  }

  async #compile(path) {
    const { code, sourceMapPath } = await this.#transformer.transformAsync(path, AS_MODULE)
    if (sourceMapPath) sourceMaps.set(path, sourceMapPath)
    return new SourceTextModule(code, {
      identifier: path,
      initializeImportMeta: (meta) =>
        Object.assign(meta, { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) }),
      importModuleDynamically: async (specifier) => this.#evaluate(await this.#find(specifier, path)),
    })
  }

  async #package(specifier, from) {
    if (!packages.has(specifier)) {
      const exported = await import(specifier).catch((error) => {
        if (error.code === 'ERR_MODULE_NOT_FOUND') error.message = `${from} imports ${specifier}: ${error.message}`
        throw error
      })
      packages.set(specifier, nameSpaced(specifier, exported))
    }
    return packages.get(specifier)
  }

  #jest() {
    const name = '@jest/globals'
    const { moduleMocker } = this.#environment
    const jest = {
      spyOn: moduleMocker.spyOn.bind(moduleMocker),
      restoreAllMocks: moduleMocker.restoreAllMocks.bind(moduleMocker),
    }
    if (!this.#modules.has(name)) this.#modules.set(name, nameSpaced(name, { ...this.#globals, jest }))
    return this.#modules.get(name)
  }

  /** Circus and expect hold the tests and the matchers of a suite: they begin anew, too. */
  requireInternalModule(path) {
    const held = /[\\/](?:jest-circus|expect)[\\/]build[\\/]/
    for (const loaded of Object.keys(require.cache)) if (held.test(loaded)) delete require.cache[loaded]
    const matchers = globalThis[Symbol.for('$$jest-matchers-object')]?.matchers ?? {}
    for (const name of Object.keys(matchers)) delete matchers[name]
    return require(path)
  }

  requireModule(path) {
    return require(path)
  }

  setGlobalsForRuntime(globals) {
    this.#globals = globals
  }

  getSourceMaps() {
    return sourceMaps
  }

  enterTestCode() {}

  leaveTestCode() {}

  getAllCoverageInfoCopy() {}

  teardown() {
    this.#modules.clear()
  }
}
