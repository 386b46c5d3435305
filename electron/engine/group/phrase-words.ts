/**
 * The words of matching phrases: 256 short English nouns that are easy to say and hard to mistake for each other.
 * Their order is part of the phrase's definition and never changes.
 */
export const PHRASE_WORDS: readonly string[] = (
  'acorn actor album amber angle ankle apple apron arrow atlas attic autumn badge baker banjo barn basil basket ' +
  'beach beak bean bear beaver bell belt bench berry bike birch bird blanket boat bone book boot bottle bowl ' +
  'box brick bridge broom brush bucket button cabin cable cactus cake camel camera candle canoe canvas carpet ' +
  'carrot castle cat cedar chair chalk cheese cherry chess circle cliff cloak clock cloud clover coast coffee ' +
  'coin comet copper coral corn cotton cousin cricket crown cup curtain daisy dance deer desert desk diamond ' +
  'dice dinner doctor dolphin donkey door dragon drum duck eagle easel echo egg elbow elephant elm engine ' +
  'envelope fabric falcon farm feather fence fern ferry fiddle field finger fish flag flute forest fork fossil ' +
  'fountain fox frog galaxy garden garlic gate ginger giraffe glass globe glove goat gold goose grape guitar ' +
  'hammer harbor harp hat hawk hazel heron hill honey hook horse hotel house ice igloo iris iron island ivory ' +
  'ivy jacket jar jelly jewel jungle kettle key kite kitten koala ladder lake lamp lantern leaf lemon letter ' +
  'lily lion lizard lobster lotus magnet mango maple marble market meadow melon mirror mitten moon moss moth ' +
  'mountain mouse mushroom music napkin nest noodle north nut oak ocean olive onion orange orchid otter owl ' +
  'oyster paddle palm panda paper parrot peach pear pebble pencil penguin pepper piano pillow pine pirate ' +
  'planet plum pocket pond poppy potato pumpkin puppet quilt rabbit radio rain raven ribbon river robin rocket ' +
  'rose saddle sailor salmon sand scarf shell silver spider spoon star stone violin'
).split(' ');
