/**
 * Characters that draw nothing, move the cursor or turn the reading direction: controls, format characters (among
 * them the bidirectional controls of Unicode UAX #9), line and paragraph separators, lone surrogates, fillers.
 */
export const hiddenCharacters =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|\u034f|\u17b4|\u17b5/gu;
