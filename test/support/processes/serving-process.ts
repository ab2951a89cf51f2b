import { openStore } from '../../../src/store/open-store.js'

/** `serving-process.ts <settings>`: claims a store until it is killed. */
const { store: url, keys } = JSON.parse(process.argv[2]!) as { store: string; keys: readonly string[] }
const store = await openStore(url, keys)
process.send!(await store.claimServing())
setInterval(() => {}, 60_000)
