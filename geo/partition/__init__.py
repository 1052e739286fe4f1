"""Drawing grids: cells divided into connected parts within a band of households.

``problem`` says what is wanted, ``solve.propose`` draws, ``alternatives`` gives a choice,
``local`` mends one part or nests smaller ones, ``score`` measures, ``stability`` counts who moves,
``causes`` says why a band is missed.
"""
