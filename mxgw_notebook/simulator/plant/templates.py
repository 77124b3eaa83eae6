"""Template chains of the objects, the nearest template first."""

CHAINS: dict[str, tuple[str, ...]] = {
    "$WinPlatform": ("$WinPlatform",),
    "$AppEngine": ("$AppEngine",),
    "$Area": ("$Area",),
    "$Tank": ("$Tank", "$gVessel", "$UserDefined"),
    "$Reactor": ("$Reactor", "$gVessel", "$UserDefined"),
    "$Pump": ("$Pump", "$gRotating", "$UserDefined"),
    "$Motor": ("$Motor", "$gRotating", "$UserDefined"),
    "$Strainer": ("$Strainer", "$gFitting", "$UserDefined"),
    "$Agitator": ("$Agitator", "$gRotating", "$UserDefined"),
    "$ControlValve": ("$ControlValve", "$gValve", "$UserDefined"),
    "$OnOffValve": ("$OnOffValve", "$gValve", "$UserDefined"),
    "$Actuator": ("$Actuator", "$gFitting", "$UserDefined"),
    "$PIDLoop": ("$PIDLoop", "$gControl", "$UserDefined"),
    "$AnalogInput": ("$AnalogInput", "$gMeasurement", "$UserDefined"),
    "$DiscreteInput": ("$DiscreteInput", "$gMeasurement", "$UserDefined"),
    "$Boiler": ("$Boiler", "$gUtility", "$UserDefined"),
    "$Compressor": ("$Compressor", "$gUtility", "$UserDefined"),
    "$Receiver": ("$Receiver", "$gVessel", "$UserDefined"),
    "$CoolingTower": ("$CoolingTower", "$gUtility", "$UserDefined"),
    "$Recipe": ("$Recipe", "$gBatch", "$UserDefined"),
}
