import type { Random } from '../random.js'
import type { StoryContactList } from '../story.js'

const subjects = ['Yaz kampanyası', 'Yelken okulu', 'Marina üyeleri', 'Servis hatırlatma', 'Bayi duyuruları', 'Çekiliş']
const places = ['İzmir', 'Çeşme', 'Bodrum', 'Göcek', 'Muğla', 'İstanbul', 'Praha', 'Kuşadası']

/** Mailing lists, newest first. */
export function createContactLists(count: number, now: number, random: Random): StoryContactList[] {
  const day = 24 * 60 * 60 * 1000
  return Array.from({ length: count }, (_, index) => {
    const createdAt = now - (index * 8 + random.whole(1, 7)) * day - random.whole(0, 86_399) * 1000
    return {
      id: random.hex(24),
      title: `${subjects[index % subjects.length]} ${places[Math.floor(index / subjects.length) % places.length]}`,
      subscribers: index % 11 === 10 ? 0 : random.whole(3, 4_800),
      createdAt,
      updatedAt: createdAt + Math.floor((now - createdAt) * random.next() * 0.001) * 1000,
    }
  })
}
