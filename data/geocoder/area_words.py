"""The names of areas as they stand in addresses: before a road, short, or not at all."""

from data.areas import AreaTree
from data.geocoder.address import normalise
from data.geocoder.names import stem
from rules.levels import Level


class AreaWords:
    """The names of areas as they stand in addresses."""

    def __init__(self, tree: AreaTree) -> None:
        self.tree = tree
        self.spelt = [normalise(area.name) for area in tree.areas]
        self.stems = [stem(text) for text in self.spelt]
        self.numbers: dict[str, list[int]] = {}
        for number, text in enumerate(self.spelt):
            self.numbers.setdefault(text, []).append(number)
        self.street_of = [self._street_of(number) for number in range(len(tree.areas))]
        self._longest = max(map(len, self.spelt), default=0)

    def mentions(self, word: str) -> list[tuple[int, int, list[int]]]:
        """Full names of areas in a word, from the left, the longest first: start, end, areas."""
        found, start = [], 0
        while start < len(word) - 1:
            for end in range(min(len(word), start + self._longest), start + 1, -1):
                if areas := self.numbers.get(word[start:end]):
                    found.append((start, end, areas))
                    start = end - 1
                    break
            start += 1
        return found

    def bare(self, word: str) -> str:
        """Word without the areas and what stands before them: 四川省自贡市大安区南苑路 is 南苑路.

        A word that names nothing else keeps its last area: 牛佛镇东胜村 is 东胜村.
        """
        mentions = self.mentions(word)
        if not mentions:
            return word
        start, end, _ = mentions[-1]
        return word[end:] or word[start:]

    def _street_of(self, number: int) -> int:
        """Preorder number of the street that an area lies in, or of the topmost area."""
        path = self.around(number)
        return next((n for n in path if self.tree.areas[n].level <= Level.STREET), path[-1])

    def around(self, number: int) -> list[int]:
        """Preorder numbers of an area and of those that hold it."""
        path = []
        while number >= 0:
            path.append(number)
            number = int(self.tree.parent[number])
        return path
