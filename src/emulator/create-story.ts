import { createRandom } from './random.js'
import type { Office, OfficeName, Story } from './story.js'
import { createCalls } from './story/calls.js'
import { createContactLists } from './story/contact-lists.js'
import { officeNames, createOffice } from './story/offices.js'
import { createPeople } from './story/people.js'
import { sizesAt } from './story/sizes.js'

export interface StoryOptions {
  /** When the story ends, ms; rounded down to a second, as exchanges write times. */
  readonly now: number
  /** 1 (default) is the whole company; a smaller one still has one of everything. */
  readonly scale?: number
  /** The same seed gives the same story. Default 1. */
  readonly seed?: number
}

/** Enough to share the stories in use within a test run; older ones are dropped. */
const MAX_STORIES = 8
const stories = new Map<string, Story>()

/**
 * The seed data of the emulated company. The same arguments give the same story, and the same
 * object while it is cached: read-only.
 */
export function createStory({ now, scale = 1, seed = 1 }: StoryOptions): Story {
  const end = Math.floor(now / 1000) * 1000
  const key = `${end}/${scale}/${seed}`
  const story = stories.get(key) ?? generate(end, scale, seed)
  stories.delete(key)
  stories.set(key, story)
  for (const oldest of stories.keys()) if (stories.size > MAX_STORIES) stories.delete(oldest)
  return story
}

function generate(now: number, scale: number, seed: number): Story {
  const random = createRandom(seed)
  const size = sizesAt(scale)
  const people = createPeople(size, random.fork('people'))
  const offices = Object.fromEntries(
    officeNames.map((name) => [name, createOffice(name, size.offices[name], people[name], random.fork(name))]),
  ) as Record<OfficeName, Omit<Office, 'calls'>>
  const calls = createCalls(offices, size, now, random.fork('calls'))
  return {
    now,
    offices: {
      izmir: { ...offices.izmir, calls: calls.izmir },
      prague: { ...offices.prague, calls: calls.prague },
      ankara: { ...offices.ankara, calls: calls.ankara },
    },
    contactLists: createContactLists(size.contactLists, now, random.fork('contact lists')),
    staff: [...people.izmir, ...people.prague],
  }
}
