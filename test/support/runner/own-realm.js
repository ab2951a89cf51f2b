import { createRequire } from 'node:module'
import { chdir, cwd } from 'node:process'

// It adds to a built-in object, once for each worker: before that is taken down.
import 'reflect-metadata'
import { getMetadataStorage } from 'type-graphql'

const { ModuleMocker } = createRequire(import.meta.url)('jest-mock')

// A global, too: what the decorators of `src` say of themselves, once for each worker.
getMetadataStorage()

const BUILT_IN = [Object, Function, Array, String, Number, RegExp, Date, Error, Promise, Map, Set, Symbol]
const OBJECTS = [globalThis, Math, JSON, Reflect, ...BUILT_IN, ...BUILT_IN.map(({ prototype }) => prototype)]

/** Takes down what an object has of its own, and returns what brings it back to that. */
function keep(object) {
  const before = new Map(Reflect.ownKeys(object).map((key) => [key, Object.getOwnPropertyDescriptor(object, key)]))
  return () => {
    for (const key of Reflect.ownKeys(object)) if (!before.has(key)) Reflect.deleteProperty(object, key)
    for (const [key, { value, get, ...rest }] of before) {
      const now = Object.getOwnPropertyDescriptor(object, key)
      if (now?.value !== value || now?.get !== get)
        Reflect.defineProperty(object, key, get ? { get, ...rest } : { value, ...rest })
    }
  }
}

/** The methods of the process: its other properties are Node's, which changes them itself. */
function keepMethods() {
  const before = Object.entries(process).filter(([, value]) => typeof value === 'function')
  return () => {
    for (const [name, method] of before) if (process[name] !== method) process[name] = method
  }
}

function keepListeners() {
  const before = new Map(process.eventNames().map((name) => [name, process.rawListeners(name)]))
  return () => {
    for (const name of process.eventNames())
      for (const listener of process.rawListeners(name))
        if (!before.get(name)?.includes(listener)) process.removeListener(name, listener)
  }
}

function keepEnvironment() {
  const [folder, variables] = [cwd(), { ...process.env }]
  return () => {
    if (cwd() !== folder) chdir(folder)
    for (const name of Object.keys(process.env)) if (!(name in variables)) delete process.env[name]
    Object.assign(process.env, variables)
  }
}

/**
 * Jest's `testEnvironment`: the realm of the worker itself. What a suite changes in what all share
 * (globals, built-in objects, environment variables, listeners and folder of the process) is put back
 * before the next one begins.
 */
export default class OwnRealm {
  global = globalThis
  moduleMocker = new ModuleMocker(globalThis)
  fakeTimers = null
  fakeTimersModern = null
  #putBack = [...OBJECTS.map(keep), keepMethods(), keepListeners(), keepEnvironment()]

  async setup() {
    // Jest asks for a hundred frames; errors that are made in every test then cost several times what they do in production.
    Error.stackTraceLimit = 10
  }

  async teardown() {
    this.moduleMocker.restoreAllMocks()
    for (const putBack of this.#putBack) putBack()
  }

  exportConditions() {
    return ['node', 'node-addons']
  }

  getVmContext() {
    return null
  }
}
