import { createRandom } from './random.js'
import type { Office, OfficeName, Story } from './story.js'
import { tellCalls } from './telling/calls.js'
import { tellContactLists } from './telling/contact-lists.js'
import { officeNames, setUpOffice } from './telling/offices.js'
import { hirePeople } from './telling/people.js'
import { plan } from './telling/plan.js'

export interface StoryOptions {
  /** The moment the story ends, ms; taken down to the whole second, because that is how exchanges write times. */
  readonly now: number
  /** 1 (default) is the whole company; less is a smaller one that still has one of everything. */
  readonly scale?: number
  /** Same seed, same story. Default 1. */
  readonly seed?: number
}

/** Enough for every emulator of a test run to share the stories in use, few enough to forget the others. */
const KEPT = 8
const told = new Map<string, Story>()

/**
 * Tells the story of the emulated company: the same arguments always give the same story, and the same object while
 * it is in use, so treat it as read-only.
 */
export function tellStory({ now, scale = 1, seed = 1 }: StoryOptions): Story {
  const end = Math.floor(now / 1000) * 1000
  const key = `${end}/${scale}/${seed}`
  const story = told.get(key) ?? tell(end, scale, seed)
  told.delete(key)
  told.set(key, story)
  for (const oldest of told.keys()) if (told.size > KEPT) told.delete(oldest)
  return story
}

function tell(now: number, scale: number, seed: number): Story {
  const random = createRandom(seed)
  const size = plan(scale)
  const people = hirePeople(size, random.fork('people'))
  const silent = Object.fromEntries(
    officeNames.map((name) => [name, setUpOffice(name, size.offices[name], people[name], random.fork(name))]),
  ) as Record<OfficeName, Omit<Office, 'calls'>>
  const calls = tellCalls(silent, size, now, random.fork('calls'))
  return {
    now,
    offices: {
      izmir: { ...silent.izmir, calls: calls.izmir },
      prague: { ...silent.prague, calls: calls.prague },
    },
    contactLists: tellContactLists(size.contactLists, now, random.fork('contact lists')),
    staff: [...people.izmir, ...people.prague],
  }
}
